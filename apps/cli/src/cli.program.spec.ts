import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { PORT_BASES } from '@haat/dev-stack';

import { runCli } from './cli.program.ts';

let folder: string;
let world: string;
let artifact: string;

/** Runs one command line in this process, where nothing runs. */
async function haat(args: readonly string[], env: NodeJS.ProcessEnv = {}, input = '') {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(input);
  const said = Promise.all([text(stdout), text(stderr)]);
  const offline = { HAAT_HOME: join(folder, 'no-home'), HAAT_URL: 'http://127.0.0.1:1/graphql' };
  const status = await runCli(args, { env: { ...offline, ...env }, stdin, stdout, stderr, exit: 0 });
  stdout.end();
  stderr.end();
  const [out, err] = await said;
  return { status, out, err };
}

/** A copy of the world with one of its files changed, or without it. */
function changedWorld(name: string, file: string, change: (content: string) => string | null): string {
  const copy = join(folder, name);
  mkdirSync(copy);
  for (const each of readdirSync(world).filter((entry) => /\.(csv|json)$/.test(entry))) {
    const content = readFileSync(join(world, each), 'utf8');
    const changed = each === file ? change(content) : content;
    if (changed !== null) writeFileSync(join(copy, each), changed);
  }
  return copy;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haat-cli-program-'));
  world = join(folder, 'world');
  artifact = join(folder, 'damage.onnx');
  expect(await haat(['simulate', 'packaging', '--out', world, '--count', '1000', '--seed', '5'])).toMatchObject({
    status: 0,
  });
  const args = ['--local', '--data', world, '--out', artifact, '--as-of', '2025-04-01'];
  expect(await haat(['train', 'packaging/damage', ...args])).toMatchObject({ status: 0 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const plan = (data: string, ...args: string[]) =>
  haat(['plan', '--local', '--model', artifact, '--data', data, '--budget', '98%', ...args]);
const evaluate = (data: string) =>
  haat(['evaluate', 'packaging/damage', '--local', '--model', artifact, '--data', data]);

describe('bad rows of files', () => {
  it('are told with their reasons, and end plan, evaluate and train with status 3', async () => {
    const bad = changedWorld('bad-row', 'products.csv', (content) => `${content}broken,row\n`);
    const out = join(folder, 'bad-row.onnx');
    const train = ['train', 'packaging/damage', '--local', '--data', bad, '--out', out, '--as-of', '2025-04-01'];
    for (const said of [await plan(bad), await evaluate(bad), await haat(train)]) {
      expect(said).toMatchObject({ status: 3, err: expect.stringMatching(/1 bad rows.*\n.*products\.csv, line 1002/) });
    }
    const { out: json } = await plan(bad, '--json');
    expect(JSON.parse(json)).toMatchObject({ rejected: 1, rejects: [{ line: 1002 }] });
  });
});

describe('files of another catalogue', () => {
  it.each([
    ['renamed', (content: string) => content.replace(/\n([^,\n]+),/, '\nother,')],
    ['fewer', (content: string) => content.trimEnd().split('\n').slice(0, -1).join('\n')],
  ])('%s: are refused by plan and evaluate, both named', async (name, change) => {
    const other = changedWorld(name, 'package-types.csv', change);
    for (const said of [await plan(other), await evaluate(other)]) {
      expect(said).toMatchObject({ status: 1, err: expect.stringContaining('CATALOGUE_MISMATCH') });
      expect(said.err).toContain(other);
      expect(said.err).toContain(artifact);
    }
  });
});

describe('a folder without counts', () => {
  it('is planned, and is not trained on', async () => {
    const short = changedWorld('no-counts', 'counts.csv', () => null);
    const whole = await plan(world, '--json');
    const without = await plan(short, '--json');
    expect(JSON.parse(without.out).summary).toEqual(JSON.parse(whole.out).summary);
    const train = ['train', 'packaging/damage', '--local', '--data', short, '--out', join(folder, 'none.onnx')];
    expect(await haat(train)).toMatchObject({ status: 1, err: expect.stringContaining('FILE_MISSING') });
  });
});

describe('options', () => {
  it.each([
    ['train packaging/damage --data world --out x.onnx', '--data'],
    ['evaluate packaging/damage --model f --data d', '--model'],
    ['predict packaging/damage --model f', '--model'],
    ['plan --budget 95% --as-of 2025-01-01', '--as-of'],
    ['simulate packaging --out x --mapping m.json', '--mapping'],
    ['train packaging/damage --local --data d --out x --key k', '--key'],
    ['train packaging/damage --local --data d --out x --no-wait', '--no-wait'],
    ['train packaging/damage --local --data d --out x --no-promote', '--no-promote'],
    ['up --port 1023', `1024 to ${PORT_BASES.most}`],
    ['plan --frontier 1001', '2 to 1000'],
  ])('%s is a wrong command line', async (line, named) => {
    expect(await haat(line.split(' '))).toMatchObject({ status: 2, err: expect.stringContaining(named) });
  });

  it('HAAT_PORT that is no port is told as it came', async () => {
    expect(await haat(['models'], { HAAT_PORT: 'abc' })).toMatchObject({
      status: 2,
      err: expect.stringContaining(`HAAT_PORT must be a whole number from 1024 to ${PORT_BASES.most}, and "abc" came`),
    });
  });

  it('a file without an ending is told so', async () => {
    const said = await haat(['simulate', 'packaging', '--out', join(folder, 'x'), '--products', '/nope']);
    expect(said).toMatchObject({ status: 1, err: expect.stringContaining('got no ending') });
  });

  it('--version prints the version', async () => {
    expect(await haat(['--version'])).toMatchObject({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe('files that cannot be read or written', () => {
  it('an artifact that is none, and input that is compressed, are told by name', async () => {
    const none = join(folder, 'none.txt');
    writeFileSync(none, 'no model');
    const predict = ['predict', 'packaging/damage', '--local', '--model'];
    expect(await haat([...predict, none])).toMatchObject({
      status: 1,
      err: expect.stringMatching(/error ARTIFACT_DAMAGED: .*none\.txt: Artifact: expected an ONNX file/),
    });
    const packed = join(folder, 'rows.jsonl.gz');
    writeFileSync(packed, gzipSync('{}\n'));
    expect(await haat([...predict, artifact, '--input', packed])).toMatchObject({
      status: 1,
      err: expect.stringMatching(/error FILE_UNUSABLE: .*rows\.jsonl\.gz is compressed by gzip: unpack it first/),
    });
  });

  it('are FILE_UNUSABLE', async () => {
    const nowhere = join(folder, 'nowhere', 'file');
    const predict = ['predict', 'packaging/damage', '--local', '--model', artifact, '--input', nowhere];
    for (const said of [await haat(predict), await plan(world, '--changes', nowhere)]) {
      expect(said).toMatchObject({ status: 1, err: expect.stringMatching(/^error FILE_UNUSABLE: .*nowhere/m) });
    }
  });

  it('an artifact is refused before anything is read', async () => {
    const args = ['--local', '--data', join(folder, 'no-data'), '--out', join(folder, 'nowhere', 'x.onnx')];
    expect(await haat(['train', 'packaging/damage', ...args])).toMatchObject({
      status: 1,
      err: expect.stringContaining('FILE_UNUSABLE'),
    });
    const free = join(folder, 'free.onnx');
    await haat(['train', 'packaging/damage', '--local', '--data', join(folder, 'no-data'), '--out', free]);
    expect(existsSync(free)).toBe(false);
  });
});

describe('haat train --local', () => {
  const into = (out: string, ...args: string[]) =>
    haat(['train', 'packaging/damage', '--local', '--data', world, '--out', out, '--as-of', '2025-04-01', ...args]);

  it('replaces an artifact, and nothing else', async () => {
    const again = join(folder, 'again.onnx');
    copyFileSync(artifact, again);
    expect(await into(again, '--option', 'ridge=30')).toMatchObject({ status: 0 });
    expect(readFileSync(again).equals(readFileSync(artifact))).toBe(false);
    const mine = join(folder, 'mine.txt');
    writeFileSync(mine, 'mine');
    expect(await into(mine)).toMatchObject({ status: 1, err: expect.stringMatching(/error FILE_EXISTS: .*mine\.txt/) });
    expect(readFileSync(mine, 'utf8')).toBe('mine');
  });

  it('writes nothing into the data that it reads, by whatever way', async () => {
    const link = join(folder, 'link-to-world');
    symlinkSync(world, link);
    const before = readFileSync(join(world, 'products.csv'), 'utf8');
    for (const out of [join(world, 'products.csv'), join(world, 'new.onnx'), join(link, 'new.onnx')]) {
      expect(await into(out)).toMatchObject({ status: 1, err: expect.stringContaining('OUTPUT_IS_INPUT') });
    }
    expect(readFileSync(join(world, 'products.csv'), 'utf8')).toBe(before);
    expect(existsSync(join(world, 'new.onnx'))).toBe(false);
  });
});

describe('gates that are not passed', () => {
  it('are named by train and evaluate, which end with status 4, and with --json are in the document', async () => {
    const poor = join(folder, 'poor');
    expect(await haat(['simulate', 'packaging', '--out', poor, '--count', '500', '--seed', '9'])).toMatchObject({
      status: 0,
    });
    const out = join(folder, 'poor.onnx');
    const train = ['train', 'packaging/damage', '--local', '--data', poor, '--out', out];
    const judge = ['evaluate', 'packaging/damage', '--local', '--model', out, '--data', poor];
    for (const line of [train, judge]) {
      const said = await haat(line);
      expect(said).toMatchObject({ status: 4, err: expect.stringContaining('The model did not pass its gates: ') });
      const { status, out: json, err } = await haat([...line, '--json']);
      expect({ status, err }).toEqual({ status: 4, err: '' });
      const { gates } = JSON.parse(json) as { gates: { gate: string; passed: boolean }[] };
      for (const { gate } of gates.filter(({ passed }) => !passed)) expect(said.err).toContain(gate);
    }
    expect(existsSync(out)).toBe(true);
  });
});

describe('haat simulate', () => {
  const into = (out: string, ...args: string[]) =>
    haat(['simulate', 'packaging', '--out', out, '--count', '50', '--days', '5', ...args]);

  it('writes over nothing that is there, in no format, unless told to', async () => {
    const out = join(folder, 'mine');
    mkdirSync(out);
    const mine = join(out, 'products.csv');
    writeFileSync(mine, 'mine');
    for (const args of [[], ['--format', 'jsonl'], ['--format', 'jsonl', '--force']]) {
      expect(await into(out, ...args)).toMatchObject({
        status: 1,
        err: expect.stringMatching(/^error FILE_EXISTS: .*mine\/products\.csv/),
      });
    }
    expect(readdirSync(out)).toEqual(['products.csv']);
    expect(readFileSync(mine, 'utf8')).toBe('mine');
    expect(await into(out, '--force')).toMatchObject({ status: 0 });
    expect(readFileSync(mine, 'utf8')).toMatch(/^product_id,/);
  });

  it('never writes over what it reads, called by whatever name', async () => {
    const out = join(folder, 'own');
    mkdirSync(out);
    const rows = 'product_id,weight_g,length_cm,width_cm,height_cm,category\na,300,10,10,10,toys\nb,,1,1,1,toys\n';
    const products = join(out, 'products.csv');
    writeFileSync(products, rows);
    const link = join(folder, 'link.csv');
    symlinkSync(products, link);
    const known = (file: string, ...args: string[]) =>
      haat(['simulate', 'packaging', '--out', out, '--force', '--days', '5', '--products', file, ...args]);
    const elsewhere = ['--out', join(folder, 'elsewhere'), '--rejects', products];
    for (const said of [await known(products), await known(link), await known(products, ...elsewhere)]) {
      expect(said).toMatchObject({ status: 1, err: expect.stringContaining('OUTPUT_IS_INPUT') });
    }
    expect(readFileSync(products, 'utf8')).toBe(rows);
  });
});

describe('a sampler on files', () => {
  it('is trained, judged and asked like any model, and is no other', async () => {
    const world = join(folder, 'outbreak');
    const [artifact, cases] = [join(folder, 'transmission.json'), join(folder, 'cases.jsonl')];
    const lastDay = '2026-03-31';
    const asOf = ['--as-of', `${lastDay}T12:00:00Z`];
    const args = ['--persons', '1000', '--last-day', lastDay];
    expect(await haat(['simulate', 'risk', '--out', world, ...args])).toMatchObject({ status: 0 });
    const trained = await haat(['train', 'risk/transmission', '--local', '--data', world, '--out', artifact, ...asOf]);
    expect(trained).toMatchObject({ status: 0, out: expect.stringContaining('base_log_loss') });
    const judged = await haat([
      'evaluate',
      'risk/transmission',
      '--local',
      '--model',
      artifact,
      '--data',
      world,
      ...asOf,
    ]);
    expect(judged).toMatchObject({ status: 0, out: expect.stringMatching(/rows in \d+ groups/) });
    const met = [{ from: 0, to: 1, day: 1, units: 8 }];
    const lines = [
      { id: 'a', seed: 3, sweeps: 50, persons: 2, days: 4, contacts: met },
      { id: 'b', persons: 0, days: 4 },
      { id: 'c', persons: 2, days: 4, contacts: [{ from: 0, to: 7, day: 1 }] },
    ];
    writeFileSync(cases, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const asked = ['predict', 'risk/transmission', '--local', '--model', artifact, '--input', cases];
    const said = await haat(asked);
    expect(said.status).toBe(3);
    const [first, second, third] = said.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { state?: number[][][] });
    for (const states of first!.state!.flat()) expect(states.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(second).toMatchObject({ id: 'b', error: { code: 'INVALID_RISK_RECORD', field: 'persons' } });
    expect(third).toMatchObject({ id: 'c', error: { code: 'INVALID_CONTACT' } });
    expect((await haat(asked)).out).toBe(said.out);
    expect(await haat(['predict', 'packaging/damage', '--local', '--model', artifact, '--input', cases])).toMatchObject(
      {
        status: 1,
        err: expect.stringContaining('MODEL_REFUSED'),
      },
    );
  });
});

describe('haat export', () => {
  it('writes over nothing that is there', async () => {
    expect(await haat(['export', 'packaging', world])).toMatchObject({
      status: 1,
      err: expect.stringContaining('FILE_EXISTS'),
    });
  });
});

describe('haat reset', () => {
  it('touches no folder that never was a state folder', async () => {
    const foreign = join(folder, 'foreign');
    for (const name of ['logs', 'postgres', 'artifacts']) {
      mkdirSync(join(foreign, name), { recursive: true });
      writeFileSync(join(foreign, name, 'mine.txt'), '');
    }
    expect(await haat(['reset', '--yes', '--home', foreign])).toMatchObject({
      status: 1,
      err: expect.stringContaining('NOT_A_STATE_FOLDER'),
    });
    expect(readdirSync(foreign, { recursive: true }).filter((name) => String(name).endsWith('mine.txt'))).toHaveLength(
      3,
    );
    writeFileSync(join(foreign, 'secrets.json'), '{}');
    expect(await haat(['reset', '--yes', '--home', foreign])).toMatchObject({ status: 0 });
    expect(existsSync(foreign)).toBe(false);
  });
});
