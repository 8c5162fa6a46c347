import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const actors: Readonly<Record<string, string>> = { 'the caller': 'caller', 'nobody: try again': 'retry', we: 'fault' };

/** Codes of the page with who acts; a code that two tables hold stands there twice. */
function onPage(): string[] {
  const rows = readFileSync(`${root}docs/errors.md`, 'utf8').matchAll(/^\| `([A-Z_]+)` +\| ([^|]+?) +\| \S/gm);
  return [...rows].map(([, code, who]) => `${code} ${actors[who!]}`).sort();
}

/** Codes of the tables as the running code has them. */
async function inTables(): Promise<string[]> {
  const modules = globSync('{libs,apps}/*/src/**/*.errors.ts', { cwd: root }).map(
    (file) => import(`${root}${file}`) as Promise<Record<string, unknown>>,
  );
  return (await Promise.all(modules))
    .flatMap((exported) => Object.values(exported))
    .filter((value) => typeof value === 'object' && value !== null)
    .flatMap((table) => Object.entries(table).map(([code, blame]) => `${code} ${blame}`))
    .sort();
}

describe('docs/errors.md', () => {
  it('has every code of every table, and no other, with who acts', async () => {
    const codes = await inTables();
    expect(codes.length).toBeGreaterThan(40);
    expect(onPage()).toEqual(codes);
  });
});
