import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { runCli } from '../../cli.program.ts';

describe('haat simulate risk', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'haat-cli-risk-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function haat(...args: readonly string[]) {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    stdin.end();
    const said = Promise.all([text(stdout), text(stderr)]);
    const env = { HAAT_HOME: join(folder, 'no-home'), HAAT_URL: 'http://127.0.0.1:1/graphql' };
    const status = await runCli(args, { env, stdin, stdout, stderr, exit: 0 });
    stdout.end();
    stderr.end();
    const [out, err] = await said;
    return { status, out, err };
  }
  const simulate = (...args: readonly string[]) => haat('simulate', 'risk', ...args);

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
    expect(wrong).toMatchObject({ status: 2, err: expect.stringContaining('2026-02-30') });
  });

  it('writes what "risk infer" reads, by the parameters of risk/transmission and by its own', async () => {
    const out = join(folder, 'read');
    await simulate('--out', out, '--persons', '60', '--days', '14', '--last-day', '2026-03-14', '--adoption', '0.7');
    const of = (name: string) => join(out, name);
    const seen = ['--contacts', of('contacts.csv'), '--tests', of('tests.csv')];
    const chains = ['--days', '14', '--sweeps', '40', '--threads', '0', '--json'];
    const named = await haat('risk', 'infer', ...seen, ...chains);
    expect(named).toMatchObject({ status: 0, err: expect.not.stringContaining('left out') });
    const all = ['--persons', of('persons.csv'), '--symptoms', of('symptoms.csv')];
    const whole = await haat('risk', 'infer', ...seen, ...all, '--parameters', of('parameters.json'), ...chains);
    expect(whole.status).toBe(0);
    const { persons, ...said } = JSON.parse(whole.out) as { persons: { person: string }[] };
    expect(said).toMatchObject({ firstDay: '2026-03-01', days: 14, rejected: 0 });
    expect(persons.map(({ person }) => person).sort()).toEqual(
      Array.from({ length: 60 }, (_, k) => `p${String(k).padStart(2, '0')}`),
    );
  });

  it('lets silence speak where a file of symptoms is given, and there alone', async () => {
    const out = join(folder, 'silent');
    await simulate('--out', out, '--persons', '40', '--days', '14');
    const of = (name: string) => join(out, name);
    const silent = of('silent.json');
    const parameters = JSON.parse(readFileSync(of('parameters.json'), 'utf8')) as object;
    writeFileSync(silent, JSON.stringify({ ...parameters, symptoms: null }));
    const infer = (file: string, ...more: readonly string[]) =>
      haat(
        'risk',
        'infer',
        '--contacts',
        of('contacts.csv'),
        '--parameters',
        file,
        ...more,
        '--threads',
        '0',
        '--json',
      );
    const [spoken, unspoken] = [await infer(of('parameters.json')), await infer(silent)];
    expect(spoken).toMatchObject({ status: 0, out: unspoken.out });
    const reports = ['--symptoms', of('symptoms.csv')];
    expect((await infer(of('parameters.json'), ...reports)).out).not.toBe(spoken.out);
    expect(await infer(silent, ...reports)).toMatchObject({
      status: 2,
      err: expect.stringContaining('leave out --symptoms'),
    });
  });
});
