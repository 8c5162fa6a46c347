import {
  add,
  adaGrad,
  adamW,
  bag,
  binaryCrossEntropy,
  byParameter,
  chain,
  clipByGlobalNorm,
  cosine,
  defineNetwork,
  dense,
  embeddingBag,
  float32,
  gather,
  input,
  int64,
  mean,
  memoryName,
  mul,
  squaredError,
  squeeze,
  stateAfter,
  sum,
  table,
  tableStart,
  tensorOfTable,
  trainingStepOf,
  uniformNumbers,
  type BagOptions,
  type Optimizer,
  type Tensors,
  type Value,
} from '@haat/onnx';
import { TensorSession } from '@haat/model-runtime';
import { RowTables } from './row.tables.ts';

interface Case extends BagOptions {
  readonly rows: number;
  readonly width: number;
  readonly places: number;
  readonly seed: number;
}

const words = input('words', 'int64', ['n', 5]);
const others = input('others', 'int64', ['n', 2]);
const y = input('y', 'float32', ['n']);

/** Two bags of one table, one of another, and something dense behind them. */
function networkOf({ rows, width, seed, ...options }: Case, sparse: boolean) {
  const shared = embeddingBag('shared', rows, width, { seed, sparse, ...options });
  const single = embeddingBag('single', rows, width, { seed, sparse, pooling: 'sum' });
  const head = dense('head', width, 1, { seed });
  return defineNetwork({
    name: 'bags',
    inputs: [words, others],
    outputs: (pass) => {
      const both = add(shared(words, pass), mul(2, shared(others, pass)), single(others, pass));
      return { height: squeeze(head(both, pass), 1) };
    },
    objective: ({ height }) => ({ loss: mean(squaredError(height, y)) }),
  });
}

const optimizer = adaGrad(cosine({ peak: 0.3, steps: 9 }), { initial: 0.01, epsilon: 1e-6 });

/** Few rows for many places, so that they come twice in a bag and in several; every third bag is of padding alone where there is one. */
function batchOf({ rows, seed, padding }: Case, step: number): Tensors {
  const n = 7;
  const draw = (of: number, places: number) =>
    int64(
      uniformNumbers(seed + 31 * step + of, n * places).map((number, i) =>
        padding !== undefined && Math.floor(i / places) % 3 === 1 ? padding : Math.floor(number * rows),
      ),
      [n, places],
    );
  const heights = Float32Array.from(uniformNumbers(seed - step, n));
  // Ids of `single` are rows: it knows no padding.
  const named = draw(2, 2);
  const rowsOnly = int64(
    Array.from(named.data as BigInt64Array, (id) => (id < 0n ? rows - 1 : Number(id))),
    [n, 2],
  );
  return {
    words: draw(1, 5),
    others: padding !== undefined && padding < 0 ? rowsOnly : named,
    y: { dtype: 'float32', shape: [n], data: heights },
  };
}

async function trained(of: Case, sparse: boolean, steps = 9): Promise<Tensors> {
  const step = trainingStepOf(networkOf(of, sparse), optimizer);
  const session = await TensorSession.open(step.model);
  const tables = new RowTables(step.tables);
  let state = step.initial;
  for (let i = 0; i < steps; i++) {
    const batch = batchOf(of, i);
    const feeds = { ...state, ...batch, ...tables.pooled(step.tables, batch), step: int64([i], []) };
    const results = await session.run(feeds);
    expect(tables.update(results)).toBeNull();
    state = stateAfter(step, results);
  }
  await session.release();
  return { ...state, ...tables.tensors() };
}

const numbers = (tensors: Tensors, name: string) => Array.from(tensors[name]!.data, Number);

describe('a table that is trained by rows', () => {
  const widths = [1, 3, 4, 7, 16, 21, 64];
  const paddings = [undefined, 0, 4, -1];
  const cases = widths.flatMap((width, i): Case[] =>
    (['mean', 'sum'] as const).map((pooling, k) => {
      const padding = paddings[(i + 2 * k) % 4];
      return { rows: 5, width, places: 5, seed: 10 * i + k, pooling, ...(padding !== undefined && { padding }) };
    }),
  );

  it.each(cases)('is what dense gradients and dense AdaGrad make of it: %j', async (of) => {
    const [byRows, whole] = [await trained(of, true), await trained(of, false)];
    expect(Object.keys(byRows).sort()).toEqual(Object.keys(whole).sort());
    for (const name of Object.keys(whole)) {
      const wanted = numbers(whole, name);
      const worst = Math.max(...numbers(byRows, name).map((got, i) => Math.abs(got - wanted[i]!)));
      expect({ name, worst, isClose: worst <= 2e-5 * Math.max(...wanted.map(Math.abs)) }).toMatchObject({
        isClose: true,
      });
    }
    expect(numbers(whole, 'shared/rows')).not.toEqual(numbers(await trained(of, true, 0), 'shared/rows'));
  });

  it('is the same to the last bit each time', async () => {
    for (const of of cases.slice(0, 3)) expect(await trained(of, true)).toEqual(await trained(of, true));
  });

  it('changes the rows that a batch names, and no others', async () => {
    const of: Case = { rows: 400, width: 8, places: 5, seed: 3 };
    const [before, after] = [await trained(of, true, 0), await trained(of, true, 1)];
    const { words: ids, others: more } = batchOf(of, 0);
    const named = new Set([...(ids!.data as BigInt64Array), ...(more!.data as BigInt64Array)].map(Number));
    const changed = Array.from({ length: 400 }, (_, row) => row).filter((row) =>
      numbers(before, 'shared/rows')
        .slice(8 * row, 8 * row + 8)
        .some((number, i) => number !== numbers(after, 'shared/rows')[8 * row + i]),
    );
    expect(changed).toEqual([...named].sort((a, b) => a - b));
    const squares = numbers(after, memoryName('squares', 'shared/rows'));
    expect(squares.filter((number) => number !== Math.fround(0.01))).toHaveLength(8 * named.size);
  });

  it('goes on from what it was, in memory of its own', async () => {
    const of = cases[5]!;
    const step = trainingStepOf(networkOf(of, true), optimizer);
    const kept = await trained(of, true, 4);
    const tables = new RowTables(step.tables);
    const rest = tables.take(kept);
    expect(Object.keys(rest).sort()).toEqual(Object.keys(step.initial).sort());
    expect({ ...rest, ...tables.tensors() }).toEqual(kept);
    const batch = batchOf(of, 4);
    const fresh = new RowTables(step.tables);
    expect(fresh.pooled(step.tables, batch)).not.toEqual(tables.pooled(step.tables, batch));
  });

  it('is no part of the step: neither its graph nor what goes round holds it', () => {
    const step = trainingStepOf(networkOf({ rows: 100_000, width: 8, places: 5, seed: 1 }, true), optimizer);
    expect(step.model.length).toBeLessThan(20_000);
    expect(Object.keys(step.initial).filter((name) => name.includes('rows'))).toEqual([]);
    expect(step.tables.map(({ name, bags }) => [name, bags.map((each) => each.name)])).toEqual([
      ['shared/rows', ['shared/rows.mean(words)', 'shared/rows.mean(others)']],
      ['single/rows', ['single/rows.sum(others)']],
    ]);
  });

  it('begins with the numbers of the dense parameter, to the last bit', () => {
    for (const seed of [0, 1, -7, 2 ** 31 + 5]) {
      const start = tableStart(300, 7, seed);
      const begun = new RowTables([{ name: 't', start, bags: [], rate: 'r', initial: 0.1, epsilon: 0 }]);
      expect(begun.weights()['t']).toEqual(tensorOfTable(start));
      expect(new Set(numbers(begun.tensors(), memoryName('squares', 't')))).toEqual(new Set([Math.fround(0.1)]));
    }
  });

  it('takes batches of any size, one after the other', async () => {
    const of: Case = { rows: 9, width: 5, places: 5, seed: 1 };
    const { tables: reads } = trainingStepOf(networkOf(of, true), optimizer);
    const tables = new RowTables(reads);
    const begun = numbers(tables.weights(), 'single/rows');
    for (const n of [1, 2_000, 3, 40_000]) {
      const ids = Array.from({ length: 2 * n }, (_, i) => (i * 7) % 9);
      const batch = {
        words: int64(
          Array.from({ length: 5 * n }, () => 8),
          [n, 5],
        ),
        others: int64(ids, [n, 2]),
      };
      const pooled = numbers(tables.pooled(reads, batch), 'single/rows.sum(others)');
      const last = ids.slice(-2).map((id) => begun[5 * id + 4]!);
      expect(pooled).toHaveLength(5 * n);
      expect(pooled.at(-1)).toBeCloseTo(last[0]! + last[1]!, 6);
    }
  });
});

describe('a network of tables alone', () => {
  it('draws together what belongs together, and has nothing else that goes round', async () => {
    const seed = 1;
    const towers = embeddingBag('towers', 40, 8, { seed, sparse: true });
    const [left, right] = [input('left', 'int64', ['n', 1]), input('right', 'int64', ['n', 1])];
    const network = defineNetwork({
      name: 'towers',
      inputs: [left, right],
      outputs: (pass) => ({ likeness: sum(mul(towers(left, pass), towers(right, pass)), 1) }),
      objective: ({ likeness }) => ({ loss: mean(binaryCrossEntropy(likeness, y)) }),
    });
    const step = trainingStepOf(
      network,
      byParameter({ 'towers/': adaGrad(0.5) }, chain(clipByGlobalNorm(1), adamW(1))),
    );
    expect(step.initial).toEqual({});
    const session = await TensorSession.open(step.model);
    const tables = new RowTables(step.tables);
    const ids = (next: number) =>
      int64(
        Array.from({ length: 40 }, (_, i) => (i + next * (i % 2)) % 40),
        [40, 1],
      );
    // Even ones go with themselves, odd ones not with the next odd one.
    const batch = { left: ids(0), right: ids(2), y: float32(Float32Array.from({ length: 40 }, (_, i) => 1 - (i % 2))) };
    const losses: number[] = [];
    for (let i = 0; i < 60; i++) {
      const results = await session.run({ ...batch, ...tables.pooled(step.tables, batch), step: int64([i], []) });
      tables.update(results);
      losses.push(Number(results['loss']!.data[0]));
    }
    await session.release();
    expect(losses.at(-1)).toBeLessThan(0.2 * losses[0]!);
  });
});

describe('what a table refuses', () => {
  const of: Case = { rows: 5, width: 4, places: 5, seed: 1, padding: 0 };
  const step = trainingStepOf(networkOf(of, true), optimizer);
  it.each([
    [5, 'got 5'],
    [-1, 'got -1'],
    [2 ** 40, 'got 1099511627776'],
  ])('the id %d', (id, got) => {
    const batch = { ...batchOf(of, 0), words: int64([1, 1, 1, 1, 1, 1, 1, id, 1, 1], [2, 5]) };
    expect(() => new RowTables(step.tables).pooled(step.tables, batch)).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_ROW',
        message: `Input "words": place 2 of row 1 of the batch: expected an id from 0 to 4, ${got}`,
      }),
    );
  });

  const refusal = (read: (rows: Value) => Value, by: Optimizer) => () =>
    trainingStepOf(
      defineNetwork({
        name: 'refused',
        inputs: [words],
        outputs: () => ({ all: read(table('t', tableStart(5, 2, 1))) }),
        objective: ({ all }) => ({ loss: sum(all) }),
      }),
      by,
    );
  it('another reader than a bag', () => {
    expect(refusal((rows) => gather(rows, words), optimizer)).toThrow(
      'Table "t": expected to be read by "bag" alone, got another operator',
    );
  });
  it('ids that are computed', () => {
    expect(refusal((rows) => bag(rows, add(words, 1)), optimizer)).toThrow(
      'Table "t": expected ids that are an input, got another value',
    );
  });
  it.each<[string, Optimizer]>([
    ['adamW', adamW(1e-3)],
    ['clipped', chain(clipByGlobalNorm(1), adaGrad(0.1))],
    ['by parameter', byParameter({ t: adamW(1) }, adaGrad(1))],
  ])('an optimiser that changes more than rows: %s', (_, by) => {
    expect(refusal((rows) => bag(rows, words), by)).toThrow(
      'Table "t": expected an optimiser that can change rows alone',
    );
  });
  it('more than an address reaches', () => {
    const huge = { name: 't', start: tableStart(2 ** 24, 64, 1), bags: [], rate: 'r', initial: 0, epsilon: 0 };
    expect(() => new RowTables([huge])).toThrow(
      expect.objectContaining({ code: 'INVALID_FIT', message: expect.stringContaining('at most 4 GiB') }),
    );
  });
});
