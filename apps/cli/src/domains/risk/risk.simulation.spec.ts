import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { runCli } from '../../cli.program.ts';

describe('haat simulate risk', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'haat-cli-risk-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function simulate(...args: readonly string[]) {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    stdin.end();
    const said = Promise.all([text(stdout), text(stderr)]);
    const env = { HAAT_HOME: join(folder, 'no-home'), HAAT_URL: 'http://127.0.0.1:1/graphql' };
    const status = await runCli(['simulate', 'risk', ...args], { env, stdin, stdout, stderr, exit: 0 });
    stdout.end();
    stderr.end();
    const [out, err] = await said;
    return { status, out, err };
  }

  it('writes an outbreak, the same for the same seed, and says which files', async () => {
    const few = ['--persons', '40', '--days', '12', '--adoption', '0.7', '--last-day', '2026-03-12'];
    const [one, two, other] = ['one', 'two', 'other'].map((name) => join(folder, name));
    const { status, out } = await simulate('--out', one!, ...few, '--json');
    expect(status).toBe(0);
    const { files } = JSON.parse(out) as { files: { file: string; rows: number }[] };
    expect(files.map(({ file }) => file.slice(one!.length + 1))).toEqual([
      'persons.csv',
      'contacts.csv',
      'tests.csv',
      'symptoms.csv',
      'truth/persons.csv',
      'parameters.json',
    ]);
    await simulate('--out', two!, ...few);
    await simulate('--out', other!, ...few, '--seed', '2');
    const contacts = (of: string) => readFileSync(join(of, 'contacts.csv'), 'utf8');
    expect(contacts(one!)).toMatch(/^from_id,to_id,day,channel,units,mutual\n.*,2026-03-01,/);
    expect(contacts(two!)).toBe(contacts(one!));
    expect(contacts(other!)).not.toBe(contacts(one!));
  });

  it('does not write over files unless told to, and refuses what is no day', async () => {
    const out = join(folder, 'again');
    const few = ['--out', out, '--persons', '5', '--days', '3'];
    expect((await simulate(...few)).status).toBe(0);
    expect(await simulate(...few)).toMatchObject({ status: 1, err: expect.stringContaining('persons.csv') });
    expect((await simulate(...few, '--force')).status).toBe(0);
    const wrong = await simulate('--out', join(folder, 'wrong'), '--last-day', '2026-02-30');
    expect(wrong).toMatchObject({ status: 1, err: expect.stringContaining('2026-02-30') });
  });
});
