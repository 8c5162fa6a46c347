import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectDatabase } from '@haat/data-access';
import { startScratchDatabase } from '@haat/data-access/testing';
import { riskMigrations } from '@haat/risk/store';
import { asShipped, build } from '../race.mjs';

const DAYS = 28;
const FIRST = '2026-03-01';
const LAST = '2026-03-28';
/** Contacts of a person and day, of both directions. */
const MET = 10;
/** As many persons take long enough that one wants to see how far it is. */
const LONG = 50_000;

/** Persons, and meetings at random by a hash of their number, in three channels and four counts; day by day. */
async function fill(url, persons, reporter) {
  const owner = await connectDatabase({ url });
  const drawn = (salt) => `abs(hashint8extended(k, ${salt}) % ${persons})::integer + 1`;
  try {
    await owner.pool.query(`insert into risk.person (person_id, valid_from, revision, number, region, reports)
      select 'p' || n, timestamptz '2026-01-01 00:00:00Z', 1, n, 0, true from generate_series(1, ${persons}) n`);
    const met = (persons * MET) / 2;
    for (let day = 0; day < DAYS; day++) {
      const { rowCount } = await owner.pool
        .query(`insert into risk.contact (day, from_person, to_person, channel, mutual, revision, units)
          select date '${FIRST}' + ${day}, least(a, b), greatest(a, b), k % 3, true, 1, 1 + k % 4
          from (select k::integer, ${drawn(1)} as a, ${drawn(2)} as b
            from generate_series(${day * met}, ${(day + 1) * met - 1}::bigint) k) drawn
          where a <> b on conflict do nothing`);
      if (persons >= LONG) reporter.note(`day ${day + 1} of ${DAYS}: ${rowCount} contacts`);
    }
    await owner.pool.query('analyze risk.person, risk.contact');
  } finally {
    await owner.close();
  }
}

/** What `contacts.process.mjs` says of one part, in a process of its own. */
async function done(order) {
  const [node, ...args] = asShipped(fileURLToPath(new URL('../contacts.process.mjs', import.meta.url)));
  const { stdout } = await promisify(execFile)(node, [...args, JSON.stringify(order)]);
  return JSON.parse(stdout);
}

/** The way of contacts from the database to the index of a chain: 140 of each person. */
export async function run(reporter, { large = false, persons: asked }) {
  const persons = asked === undefined ? (large ? 72_000 : 7_200) : Number(asked);
  if (!Number.isInteger(persons) || persons < 100 || persons > 2_000_000)
    throw new Error(`--persons: expected a whole number from 100 to 2,000,000, got "${asked}"`);
  build('libs/risk');
  const folder = mkdtempSync(join(tmpdir(), 'haat-bench-contacts-'));
  const scratch = await startScratchDatabase({ domains: ['risk'], migrations: [riskMigrations] });
  try {
    await fill(scratch.url, persons, reporter);
    const window = { asOf: `${LAST}T23:59:59Z`, revision: 1, days: DAYS };
    reporter.note('from the database to the index');
    const { reading, writing } = await done({ work: 'state', url: scratch.urls.haat_risk_task, window, folder });
    const index = await done({ work: 'index', folder });
    const contacts = writing.rows - persons;
    const row = (metric, value, unit) => reporter.row({ metric, value, unit, size: `${contacts} contacts` });
    row('contacts.file.size', statSync(join(folder, 'facts')).size / 2 ** 20, 'MiB');
    for (const [part, { wall, cpu, memory }] of Object.entries({ read: reading, write: writing, index })) {
      row(`contacts.${part}`, contacts / wall, 'contacts/s');
      row(`contacts.${part}.cpu`, cpu, 's');
      row(`contacts.${part}.memory.most`, memory, 'MiB');
    }
  } finally {
    await scratch.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
