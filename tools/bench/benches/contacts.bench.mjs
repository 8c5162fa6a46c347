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

/** Persons, and meetings at random by a hash of their number, in three channels and four counts. */
async function fill(url, persons) {
  const owner = await connectDatabase({ url });
  const drawn = (salt) => `abs(hashint8extended(k, ${salt}) % ${persons})::integer + 1`;
  try {
    await owner.pool.query(`insert into risk.person (person_id, valid_from, revision, number, region, reports)
      select 'p' || n, timestamptz '2026-01-01 00:00:00Z', 1, n, 0, true from generate_series(1, ${persons}) n`);
    await owner.pool.query(`insert into risk.contact (day, from_person, to_person, channel, mutual, revision, units)
      select date '${FIRST}' + k / ${(persons * MET) / 2}, least(a, b), greatest(a, b), k % 3, true, 1, 1 + k % 4
      from (select k::integer, ${drawn(1)} as a, ${drawn(2)} as b from generate_series(0, ${(persons * MET * DAYS) / 2 - 1}::bigint) k) drawn
      where a <> b on conflict do nothing`);
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

/** The way of contacts from the database to the index of a chain: a million of them, ten with `--large`. */
export async function run(reporter, { large = false }) {
  const persons = large ? 72_000 : 7_200;
  build('libs/risk');
  const folder = mkdtempSync(join(tmpdir(), 'haat-bench-contacts-'));
  const scratch = await startScratchDatabase({ domains: ['risk'], migrations: [riskMigrations] });
  try {
    await fill(scratch.url, persons);
    const window = { asOf: `${LAST}T23:59:59Z`, revision: 1, days: DAYS };
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
