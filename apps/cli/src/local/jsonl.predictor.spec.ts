import { errorsOf } from '@haat/kit';

import { predictLines } from './jsonl.predictor.ts';
import { linesOf } from './text.lines.ts';

const shopError = errorsOf({ INVALID_NUMBER: 'caller' } as const);

/** Doubles numbers: a model small enough to know every answer. */
const doubler = {
  named: 'product_id',
  parse(raw: unknown, place: string): number {
    const { x } = raw as { x?: unknown };
    if (typeof x !== 'number')
      throw shopError('INVALID_NUMBER', `${place}: field x: expected a number`, { field: 'x' });
    return x;
  },
  predict: async (rows: readonly number[]) => rows.map((x) => ({ twice: 2 * x })),
};

async function* chunks(text: string, size: number) {
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

async function answers(text: string, size = 7) {
  const out: string[] = [];
  let [good, bad] = [0, 0];
  for await (const part of predictLines(linesOf(chunks(text, size), 'standard input'), doubler)) {
    out.push(...part.text.trimEnd().split('\n'));
    good += part.good;
    bad += part.bad;
  }
  return { rows: out.map((line) => JSON.parse(line) as Record<string, unknown>), good, bad };
}

describe('predictLines', () => {
  it('answers each line in its place, ids echoed as they came', async () => {
    const { rows, good, bad } = await answers(
      '{"id":"a","x":1}\n{"id":7,"x":"NaN"}\n{nonsense\n\n{"product_id":"हाट","x":4}',
    );
    expect([good, bad]).toEqual([2, 3]);
    expect(rows).toEqual([
      { id: 'a', twice: 2 },
      { id: 7, error: { code: 'INVALID_NUMBER', message: 'line 2: field x: expected a number', field: 'x' } },
      { id: null, error: { code: 'INVALID_JSON_LINE', message: expect.stringContaining('line 3'), field: 'row' } },
      {
        id: null,
        error: { code: 'INVALID_JSON_LINE', message: expect.stringContaining('an empty line'), field: 'row' },
      },
      { id: 'हाट', twice: 8 },
    ]);
  });

  it('keeps the order over many batches, whatever the chunks of the stream', async () => {
    const n = 10_000;
    const text = Array.from({ length: n }, (_, i) => (i % 5 === 0 ? '{"id":' + i + '}' : `{"id":${i},"x":${i}}`)).join(
      '\r\n',
    );
    const { rows, good, bad } = await answers(text, 1021);
    expect([good, bad]).toEqual([8_000, 2_000]);
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: n }, (_, i) => i));
    expect(rows.every((row, i) => (i % 5 === 0 ? 'error' in row : row['twice'] === 2 * i))).toBe(true);
  });

  it('puts what only the model can refuse in its place', async () => {
    const picky = {
      ...doubler,
      predict: async (rows: readonly number[]) =>
        rows.map((x) => (x === 2 ? shopError('INVALID_NUMBER', 'not 2', { field: 'x' }) : { twice: 2 * x })),
    };
    const parts = await Array.fromAsync(
      predictLines(linesOf(chunks('{"id":1,"x":1}\n{"id":2,"x":2}', 9), 'in'), picky),
    );
    expect(parts).toEqual([
      {
        text: '{"id":1,"twice":2}\n{"id":2,"error":{"code":"INVALID_NUMBER","message":"not 2","field":"x"}}\n',
        good: 1,
        bad: 1,
      },
    ]);
  });

  it('says nothing about nothing', async () => {
    expect(await answers('')).toEqual({ rows: [], good: 0, bad: 0 });
  });

  it('lets an error of the model itself stop the run', async () => {
    const broken = { ...doubler, predict: () => Promise.reject(new Error('the model fell over')) };
    const run = async () => {
      for await (const part of predictLines(linesOf(chunks('{"x":1}', 3), 'in'), broken)) void part;
    };
    await expect(run()).rejects.toThrow('the model fell over');
  });
});

describe('linesOf', () => {
  it('takes the byte order mark away and joins characters that a chunk cuts', async () => {
    expect(await Array.fromAsync(linesOf(chunks('\uFEFFहाट\n\nx', 1), 'in'))).toEqual(['हाट', '', 'x']);
  });

  it('refuses bytes that are not UTF-8, with the place', async () => {
    async function* broken() {
      yield Buffer.from('good\n');
      yield Buffer.from([0xff, 0xfe, 0x0a]);
    }
    await expect(Array.fromAsync(linesOf(broken(), 'in.jsonl'))).rejects.toMatchObject({
      code: 'FILE_UNUSABLE',
      details: { line: 1 },
    });
  });
});
