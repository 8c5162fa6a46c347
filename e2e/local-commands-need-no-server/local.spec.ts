import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { offline } from '../stack/shared.stack.ts';

let folder: string;
let world: string;
let artifact: string;
const digestOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const json = (text: string) => JSON.parse(text) as Record<string, never>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haat-e2e-local-'));
  world = join(folder, 'world');
  artifact = join(folder, 'damage.onnx');
  expect(await offline(['simulate', 'packaging', '--out', world, '--count', '1500', '--seed', '5'])).toMatchObject({
    status: 0,
  });
  const trained = await offline([
    'train',
    'packaging/damage',
    '--local',
    '--data',
    world,
    '--out',
    artifact,
    '--as-of',
    '2025-04-01',
    '--json',
  ]);
  expect(trained).toMatchObject({ status: 0, stderr: '' });
  expect(json(trained.stdout)).toMatchObject({
    digest: digestOf(artifact),
    evaluation: { metrics: { ordinalityViolations: 0 } },
    rejected: 0,
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('haat simulate', () => {
  it.each(['jsonl', 'parquet'])('writes %s that trains the same model as CSV', async (format) => {
    const other = join(folder, format);
    const trained = join(folder, `${format}.onnx`);
    await offline(['simulate', 'packaging', '--out', other, '--count', '1500', '--seed', '5', '--format', format]);
    const args = ['--local', '--data', other, '--out', trained, '--as-of', '2025-04-01'];
    expect(await offline(['train', 'packaging/damage', ...args])).toMatchObject({ status: 0 });
    expect(digestOf(trained)).toBe(digestOf(artifact));
  });

  it('takes real products by a mapping, and keeps bad ones in a file with the reasons', async () => {
    const products = join(folder, 'real.csv');
    const mapping = join(folder, 'real.mapping.json');
    writeFileSync(
      products,
      '"sku","kg","l","w","h","kind"\n"a",0.3,10,10,10,\n"b",,10,10,10,toys\n"c",1.5,30,20,0,toys\n',
    );
    const column = (name: string, unit?: string) => ({ column: name, ...(unit && { unit }) });
    writeFileSync(
      mapping,
      JSON.stringify({
        products: {
          product_id: column('sku'),
          weight_g: column('kg', 'kg'),
          length_cm: column('l'),
          width_cm: column('w'),
          height_cm: column('h'),
          category: column('kind'),
        },
      }),
    );
    const out = join(folder, 'real');
    const { status, stdout } = await offline([
      'simulate',
      'packaging',
      '--out',
      out,
      '--products',
      products,
      '--mapping',
      mapping,
      '--json',
    ]);
    expect(status).toBe(3);
    expect(json(stdout)).toMatchObject({ rejected: 2 });
    expect(readFileSync(join(out, 'products.csv'), 'utf8')).toMatch(/^product_id,.*\na,unknown,300,10,10,10,/);
    const rejects = readFileSync(json(stdout)['rejects']!, 'utf8');
    expect(rejects).toMatch(/real\.csv,3,weight_g,.*\nreal\.csv,4,height_cm,/);
  });
});

describe('haat predict --local', () => {
  const row = {
    category: 'apparel',
    weight_g: 400,
    length_cm: 30,
    width_cm: 20,
    height_cm: 5,
    price_inr: 500,
    fragile: false,
    liquid: false,
  };
  const predict = (input: string | Uint8Array, model = artifact) =>
    offline(['predict', 'packaging/damage', '--local', '--model', model], { input });

  it('answers each line in its place; missing, null, NaN and out-of-range values are bad rows', async () => {
    const bad = [
      { weight_g: undefined },
      { weight_g: null },
      { weight_g: 'NaN' },
      { height_cm: 0 },
      { price_inr: -1 },
      { length_cm: 1e9 },
    ];
    const lines = [
      { id: 1, ...row },
      ...bad.map((change, i) => ({ id: i + 2, ...row, ...change })),
      { id: 'last', ...row },
    ];
    const { status, stdout } = await predict(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(status).toBe(3);
    const out = stdout.trimEnd().split('\n').map(json);
    expect(out.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 'last']);
    out.slice(1, -1).forEach((line, i) => {
      expect(line).toEqual({
        id: i + 2,
        error: {
          code: 'INVALID_PRODUCT',
          message: expect.stringContaining(`line ${i + 2}`),
          field: Object.keys(bad[i]!)[0],
        },
      });
    });
    expect(out[0]!['probability']).toEqual(out.at(-1)!['probability']);
    const probability = out[0]!['probability'] as readonly number[];
    expect(probability).toHaveLength(8);
    expect(probability).toEqual(probability.toSorted((a, b) => b - a));
  });

  it('ends with 0 when all rows are good, and says nothing about nothing', async () => {
    expect(await predict(`${JSON.stringify(row)}\n`)).toMatchObject({ status: 0 });
    expect(await predict('')).toMatchObject({ status: 0, stdout: '' });
  });

  it('refuses an artifact that is damaged, missing or something else', async () => {
    const bytes = readFileSync(artifact);
    const flipped = join(folder, 'flipped.onnx');
    const weight = bytes.length - 5000;
    writeFileSync(flipped, bytes.with(weight, bytes[weight]! ^ 0x40));
    const short = join(folder, 'short.onnx');
    writeFileSync(short, bytes.subarray(0, bytes.length / 2));
    const text = join(folder, 'text.onnx');
    writeFileSync(text, 'no model');
    for (const file of [flipped, short, text]) {
      const said = await predict(JSON.stringify(row), file);
      expect(said).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/^error (ARTIFACT_DAMAGED|MODEL_REFUSED): /),
      });
    }
    expect(await predict('', join(folder, 'none.onnx'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('FILE_UNUSABLE'),
    });
  });
});

describe('haat plan --local', () => {
  const plan = (...args: string[]) => offline(['plan', '--local', '--model', artifact, '--data', world, ...args]);

  it('keeps to the budget, certifies its gap and ranks the changes by saving', async () => {
    const changes = join(folder, 'changes.jsonl');
    const { status, stdout } = await plan('--budget', '95%', '--changes', changes, '--json');
    expect(status).toBe(0);
    const { summary, certificate } = JSON.parse(stdout) as {
      summary: { changed: number; shippingCost: { today: number; planned: number }; damageCost: { planned: number } };
      certificate: { gap: number; lowerBound: number; method: string };
    };
    expect(summary.shippingCost.planned).toBeLessThanOrEqual(0.95 * summary.shippingCost.today * (1 + 1e-12));
    expect(certificate.lowerBound).toBeLessThanOrEqual(summary.damageCost.planned * (1 + 1e-12));
    const lines = readFileSync(changes, 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    expect(summary.changed).toBeGreaterThan(0);
    expect(lines).toHaveLength(summary.changed);
    const rows = lines.map(json);
    const savings = rows.map(({ saving_inr: saving }) => Number(saving));
    expect(savings).toEqual(savings.toSorted((a, b) => b - a));
  });

  it('reaches a damage target, and lists the frontier', async () => {
    const target = json((await plan('--damage-target', '80%', '--json')).stdout) as unknown as {
      summary: { damageCost: { today: number; planned: number } };
    };
    expect(target.summary.damageCost.planned).toBeLessThanOrEqual(0.8 * target.summary.damageCost.today * (1 + 1e-12));
    const { points } = json((await plan('--frontier', '7', '--json')).stdout) as unknown as { points: object[] };
    expect(points).toHaveLength(7);
  });

  it('refuses a budget below the cheapest plan', async () => {
    expect(await plan('--budget', '1')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error BUDGET_TOO_LOW: .*cheapest/),
    });
  });
});

describe('haat evaluate --local', () => {
  it('measures what the training measured', async () => {
    const { status, stdout } = await offline([
      'evaluate',
      'packaging/damage',
      '--local',
      '--model',
      artifact,
      '--data',
      world,
      '--json',
    ]);
    expect(status).toBe(0);
    expect(json(stdout)).toMatchObject({
      digest: digestOf(artifact),
      evaluation: { metrics: { ordinalityViolations: 0 } },
    });
  });
});

describe('haat simulate-policy --local', () => {
  const policies = [
    { name: 'nothing', kind: 'none' },
    { name: 'apart', kind: 'symptoms', quarantineDays: 10 },
  ];
  const simulate = (seeds: number, ...more: readonly string[]) =>
    offline([
      'simulate-policy',
      'risk/transmission',
      '--local',
      ...['persons=60', 'days=30', 'start=5', 'capacity=3', `policies=${JSON.stringify(policies)}`].flatMap(
        (option) => ['--option', option],
      ),
      ...['--seeds', String(seeds), '--outcomes', join(folder, 'outcomes.jsonl'), '--json', ...more],
    ]);

  it('lets policies meet the same outbreaks, goes on from what is kept, and draws what came of it', async () => {
    const outcomes = join(folder, 'outcomes.jsonl');
    const linesOf = () => readFileSync(outcomes, 'utf8').split('\n');
    expect((await simulate(2)).status).toBe(0);
    const [head, ...whole] = linesOf().slice(0, -1) as [string, ...string[]];
    expect(whole).toHaveLength(4);
    // What is kept is told as another value, to see that it is not computed again.
    const kept = [head, ...whole.map((line) => line.replace(/"tests":\d+/, '"tests":1000'))];
    writeFileSync(outcomes, kept.map((line) => `${line}\n`).join(''));
    const svg = join(folder, 'policies.svg');
    const { status, stdout } = await simulate(3, '--svg', svg);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      runId: null,
      seeds: 3,
      policies: [
        {
          policy: 'nothing',
          seeds: 3,
          quarantineDays: { mean: 0, halfWidth: 0 },
          tests: { mean: expect.closeTo(2000 / 3) },
        },
        { policy: 'apart', seeds: 3 },
      ],
      from: 'nothing',
      differences: [{ policy: 'apart', seeds: 3 }],
    });
    expect(linesOf().slice(0, 5)).toEqual(kept);
    expect(linesOf().slice(5)).toEqual([expect.stringContaining('"seed":3'), expect.stringContaining('"seed":3'), '']);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg .*3 seeds, 95 % intervals/s);
  });

  it('refuses a policy that makes no sense, and a model without worlds', async () => {
    const wrong = JSON.stringify([{ name: 'some', kind: 'symptoms', quarantineDays: 0 }]);
    expect(await simulate(1, '--option', `policies=${wrong}`)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('policies.0.quarantineDays'),
    });
    expect(await offline(['simulate-policy', 'packaging/damage', '--local'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no worlds'),
    });
  });
});

describe('haat schema', () => {
  it('speaks of files, inputs, outputs and options, with units', async () => {
    const { stdout } = await offline(['schema', 'packaging/damage']);
    expect(JSON.parse(stdout)).toMatchObject({
      files: { products: { properties: { weight_g: { type: 'number', unit: 'g' } } }, counts: {}, 'package-types': {} },
      input: { properties: { price_inr: { unit: 'INR' } } },
      output: {},
      options: { properties: { ridge: {} } },
    });
  });
});

describe('without a server', () => {
  it.each([[['models']], [['runs']], [['plan', '--budget', '95%']], [['train', 'packaging/damage']]])(
    '%j says how to start one',
    async (args) => {
      expect(await offline(args)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/GATEWAY_UNREACHABLE.*haat up/),
      });
    },
  );

  it('an import says how to start one', async () => {
    expect(await offline(['import', 'packaging', world])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/NO_DATABASE.*haat up/),
    });
  });
});
