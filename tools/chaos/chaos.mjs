import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine } from '../bench/machine.mjs';
import { endNaming, runInGroup } from '../ci/process.group.mjs';
import { faults, specsOf, titlesOf } from './faults.mjs';
import { chaosTable, isWell, wholeRow } from './table.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
/** Of a failed spec's output, characters. */
const TAIL = 6_000;
const LOOK_EVERY_MS = 1_000;

const help = `Usage: npm run chaos -- [options]

Brings each fault about, many times, by the tests that bring it about in each run of the tests, and prints a table of what was
lost. Rows go to standard output, a line of JSON each; the table follows them. Exit status 1 when a fault lost something or failed.

Faults:
${Object.entries(faults)
  .map(([name, { what }]) => `  ${name.padEnd(25)} ${what}`)
  .join('\n')}

Options:
  --only NAME   one fault (may be repeated); without it, all
  --seed N      where and when faults strike (default: 1)
  --rounds N    how often each is brought about, in place of its own count
  --help        this text

Examples:
  npm run chaos
  npm run chaos -- --only postgres-killed --only hot-swap --rounds 3 --seed 7
`;

/** A whole number of at least `least`; null where something else was said. */
const whole = (text, least) => (/^\d{1,9}$/.test(text) && Number(text) >= least ? Number(text) : null);

function complaint({ only = [], seed, rounds }) {
  const unknown = only.filter((name) => !Object.hasOwn(faults, name));
  if (unknown.length > 0)
    return `no fault is called ${unknown.join(', ')}; there are ${Object.keys(faults).join(', ')}`;
  if (whole(seed, 0) === null) return `--seed wants a whole number, and got "${seed}"`;
  if (rounds !== undefined && whole(rounds, 1) === null)
    return `--rounds wants a number of at least 1, and got "${rounds}"`;
  return null;
}

/** Runs one spec; tells rounds and rows as they come. @returns {Promise<{ why: string, tail: string }>} */
async function runSpec({ project, spec, names }, { folder, seed, rounds }, { onRound, onRow }) {
  const file = join(folder, 'rows.jsonl');
  rmSync(file, { force: true });
  let tail = '';
  const command = [
    process.execPath,
    jest,
    '--runInBand',
    '--testNamePattern',
    titlesOf(names),
    '--runTestsByPath',
    spec,
  ];
  running = runInGroup(command, {
    cwd: join(root, project),
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
      FORCE_COLOR: '0',
      TMPDIR: folder,
      HAAT_FAULT_ROWS: file,
      HAAT_FAULT_SEED: seed,
      ...(rounds === undefined ? {} : { HAAT_FAULT_ROUNDS: rounds }),
    },
    onOutput: (chunk) => (tail = `${tail}${chunk}`.slice(-TAIL)),
  });
  let told = 0;
  const tell = () => {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(told, -1) : [];
    told += lines.length;
    for (const line of lines.map((text) => JSON.parse(text))) {
      if ('fault' in line) onRow(wholeRow(line));
      else onRound(line);
    }
  };
  const looking = setInterval(tell, LOOK_EVERY_MS);
  const { why } = await running.ended;
  clearInterval(looking);
  running = undefined;
  tell();
  const left = await endNaming(folder);
  return { why: [why, left > 0 ? `it left ${left} servers running` : ''].filter(Boolean).join('; '), tail };
}

let running;

async function chaos({ only, seed, rounds }) {
  const wanted = only ? Object.keys(faults).filter((name) => only.includes(name)) : Object.keys(faults);
  const folder = mkdtempSync(join(tmpdir(), 'haat-chaos-'));
  // PostgreSQL runs as another user where we are root, and must be able to enter.
  chmodSync(folder, 0o755);
  const clean = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, async () => {
      if (stopped) return;
      stopped = true;
      process.stderr.write(`\nchaos: ${signal}, ending what runs\n`);
      await running?.stop();
      clean();
      process.exit(130);
    });
  }
  const rows = new Map();
  const broken = [];
  const began = performance.now();
  const minutes = () => `${((performance.now() - began) / 60_000).toFixed(1)} min`;
  const tell = (words) => process.stderr.write(`  ${minutes()}  ${words}\n`);
  const onRound = ({ round, rounds: all }) => tell(`round ${round} of ${all}`);
  const onRow = (row) => {
    rows.set(row.fault, row);
    process.stdout.write(`${JSON.stringify(row)}\n`);
    tell(`${row.fault}: ${row.rounds} rounds, ${isWell(row) ? 'well' : 'NOT WELL'}`);
  };
  try {
    for (const one of specsOf(wanted)) {
      process.stderr.write(`\n# ${one.project}/${one.spec}: ${one.names.join(', ')}\n`);
      const { why, tail } = await runSpec(one, { folder, seed, rounds }, { onRound, onRow });
      if (stopped) return;
      if (why !== '') {
        broken.push(one);
        tell(`FAILED, ${why}. The end of its output:\n${tail}`);
      }
    }
  } finally {
    if (!stopped) clean();
  }
  process.stdout.write(`\nSeed ${seed}, ${minutes()}. ${machine()}\n\n${chaosTable(wanted, rows)}\n`);
  for (const { project, spec } of broken) process.stdout.write(`\nFAILED: ${project}/${spec}, see above\n`);
  const lost = wanted.filter((name) => !rows.has(name) || !isWell(rows.get(name)));
  if (broken.length > 0 || lost.length > 0) process.exitCode = 1;
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const wrong = complaint(options);
if (options.help) {
  process.stdout.write(help);
} else if (wrong !== null) {
  process.stderr.write(`chaos: ${wrong}\n`);
  process.exitCode = 2;
} else {
  await chaos(options);
}
