import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryAt } from '@haat/risk/model';

/** As make has it: CXX, else g++. */
const compiler = process.env.CXX ?? 'g++';
const source = join(dirname(fileURLToPath(import.meta.url)), 'peers', 'risk.update.cpp');

/** The C++ program of the same update, compiled anew; `null` where there is no compiler. */
export function compilePeer() {
  const version = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'haat-bench-risk-'));
  const program = join(folder, 'update');
  execFileSync(compiler, ['-O3', '-std=c++17', '-o', program, source]);
  return {
    name: `C++, ${compiler} ${version.stdout.match(/\d+\.\d+\.\d+/)[0]} -O3`,
    /**
     * Microseconds of CPU an update, from a state on: `{ plain, marginals }`, each `{ least, median, hash }`.
     * @param from the chain's `{ seed, chain, sweep, state }`: the number of the next sweep, and first days in E, I and R
     */
    run(population, from, sweeps) {
      const file = join(folder, 'problem.bin');
      writeFileSync(file, problemBytes(population, from));
      return JSON.parse(execFileSync(program, [file, String(sweeps)], { encoding: 'utf8' }));
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

function problemBytes({ persons, days, contacts, exposure, exposed, infectious, rate }, { seed, chain, sweep, state }) {
  const parts = [
    Uint32Array.of(
      persons,
      days,
      contacts.classBits,
      contacts.low.length,
      exposure.classes,
      exposed.longest,
      infectious.longest,
      seed,
      chain,
      sweep,
    ),
    Float64Array.of(exposure.unit, rate[0]),
    exposed.share,
    infectious.share,
    exposure.plain,
    exposure.returned,
    contacts.start,
    Uint32Array.from(contacts.low, (_, k) => entryAt(contacts.low, contacts.high, k)),
    state,
  ];
  return Buffer.concat(parts.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)));
}
