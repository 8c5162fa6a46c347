import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { runCli } from '../cli.program.ts';

let folder: string;
const at = (name: string) => join(folder, name);

async function haat(...args: readonly string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const said = Promise.all([text(stdout), text(stderr)]);
  const status = await runCli(args, { env: { HAAT_HOME: at('no-home') }, stdin, stdout, stderr, exit: 0 });
  stdout.end();
  stderr.end();
  const [out, err] = await said;
  return { status, out, err };
}

const pair = {
  format: 'crisp-case-v1',
  name: 'a pair',
  S: 2,
  T: 6,
  params: { p0: 0.02, p1: 0.5, alpha: 0.05, beta: 0.02, qE: [0, 0.5, 0.5], qI: [0, 0, 0.5, 0.5] },
  contacts: [
    [0, 1, 2, 1],
    [1, 0, 2, 1],
  ],
  tests: [
    [0, 3, 1],
    [1, 5, 1],
  ],
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'haat-cli-risk-'));
  writeFileSync(at('pair.json'), JSON.stringify(pair));
  writeFileSync(
    at('contacts.csv'),
    'from_id,to_id,day,units\na,b,2026-02-03,3\nb,c,2026-02-05,3\na,a,2026-02-05,1\nd,a,2025-12-31,1\n',
  );
  writeFileSync(
    at('tests.csv'),
    'test_id,person_id,day,kind,result\nt1,a,2026-02-04,pcr,positive\nt2,c,2026-02-12,pcr,positive\nt2,c,2026-02-12,pcr,positive\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const files = () => [
  '--contacts',
  at('contacts.csv'),
  '--tests',
  at('tests.csv'),
  '--days',
  '14',
  '--threads',
  '0',
  '--sweeps',
  '300',
];

describe('haat risk', () => {
  it('solves a case exactly, and samples it to the same marginals', async () => {
    const exact = await haat('risk', 'solve', at('pair.json'), '--exact');
    const sampled = await haat('risk', 'solve', at('pair.json'), '--sweeps', '4000', '--threads', '0', '--seed', '3');
    expect([exact.status, sampled.status]).toEqual([0, 0]);
    const [truth, answer] = [JSON.parse(exact.out), JSON.parse(sampled.out)];
    expect(truth).toMatchObject({ name: 'a pair', method: 'enumeration' });
    expect(truth.logEvidence).toBeLessThan(0);
    expect(answer).toMatchObject({ method: 'sampling', chains: 4, sweeps: 2000 });
    const flat = (marginals: number[][][]) => marginals.flat(2);
    const expected = flat(truth.marginals);
    expect(expected).toHaveLength(2 * 6 * 4);
    flat(answer.marginals).forEach((p, cell) => expect(Math.abs(p - expected[cell]!)).toBeLessThan(0.01));
    expect(Math.max(...answer.rHat)).toBeLessThan(1.05);
  });

  it('gives the same text for the same seed', async () => {
    const args = ['risk', 'solve', at('pair.json'), '--sweeps', '50', '--threads', '0', '--seed'];
    const [one, again, other] = [await haat(...args, '7'), await haat(...args, '7'), await haat(...args, '8')];
    expect(again.out).toBe(one.out);
    expect(other.out).not.toBe(one.out);
  });

  it('infers from files, writes a table, and tells rows that it left out', async () => {
    const { status, out, err } = await haat('risk', 'infer', ...files(), '--out', at('risk.csv'));
    expect(status).toBe(3);
    expect(err).toContain('contacts.csv, line 4, to_id: expected another person than from_id, got a');
    expect(err).toContain('tests.csv, line 4');
    expect(err).toContain('1 rows are of days outside the window');
    expect(out).toMatch(/person +P\(E or I\)/);
    const [header, first, ...rest] = readFileSync(at('risk.csv'), 'utf8').trim().split('\n');
    expect(header).toBe('person,susceptible,exposed,infectious,removed,error,r_hat,effective_samples');
    expect(first).toMatch(/^[abc],/);
    expect(rest).toHaveLength(3);
    const states = first!.split(',').slice(1, 5).map(Number);
    expect(states.reduce((a, b) => a + b)).toBeCloseTo(1, 7);
  });

  it('draws the timeline of a person, with its tests and who may have infected it', async () => {
    const { status, out } = await haat('risk', 'timeline', ...files(), '--person', 'c', '--svg', at('c.svg'), '--json');
    expect(status).toBe(3);
    const { days, tests, sources } = JSON.parse(out);
    expect(days).toHaveLength(14);
    expect(tests).toEqual([{ day: '2026-02-12', positive: true }]);
    expect(sources.map(({ from }: { from: string | null }) => from)).toContain('b');
    const svg = readFileSync(at('c.svg'), 'utf8');
    expect(svg).toMatch(/^<svg [^>]+>/);
    expect(svg.match(/<path[^>]+aria-roledescription="area mark"/g)).toHaveLength(4);
    expect(svg.match(/aria-label="day: 02-12; [^"]*test: positive"/g)).toHaveLength(1);
    expect(svg).toContain(`source: ${sources[0].from ?? 'somebody outside the contacts'}, ${sources[0].day}"`);
    expect(svg).toContain('infected in this window by');
  });

  it.each([
    [['risk', 'solve', 'missing.json'], 'FILE_UNUSABLE', 1],
    [['risk', 'timeline', '--person', 'x'], "required option '--contacts <file>'", 2],
    [['risk', 'solve'], "missing required argument 'case'", 2],
    [['risk', 'infer', '--contacts', 'x.csv', '--until', '2026-02-30'], 'expected a day of the calendar', 2],
  ])('refuses %j', async (args, part, code) => {
    const { status, err } = await haat(...args, ...(args.includes('missing.json') ? ['--json'] : []));
    expect(status).toBe(code);
    expect(err).toContain(part);
  });

  it('says whom it does not know', async () => {
    const { status, err } = await haat('risk', 'timeline', ...files(), '--person', 'nobody');
    expect(status).toBe(2);
    expect(err).toContain('"nobody"');
  });
});
