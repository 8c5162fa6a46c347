import { float32, float64, int64 } from '@haat/onnx';
import { decodeCheckpoint, digestOfState, encodeCheckpoint, type FitState } from './checkpoint.file.ts';
import { afterEvaluation, isExhausted, notStopped, type StoppingRule } from './early.stopping.ts';

const state: FitState = {
  plan: 'a'.repeat(64),
  step: 12,
  loss: 0.1 + 0.2,
  validation: { step: 10, figures: { loss: 1 / 3, accuracy: 1 } },
  stopping: { best: 1 / 3, bestStep: 10, since: 0 },
  tensors: {
    'w/é': float32([1.5, -0, 3e-45, 4], [2, 2]),
    odd: { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) },
    exact: float64([Math.PI]),
    count: int64([2 ** 40], []),
    none: float32([], [0, 4]),
  },
  best: { 'w/é': float32([9, 9, 9, 9], [2, 2]) },
};

describe('a checkpoint', () => {
  it('gives back exactly what went in, and the same bytes for the same state', () => {
    const bytes = encodeCheckpoint(state);
    expect(decodeCheckpoint(bytes)).toEqual(state);
    expect(encodeCheckpoint(decodeCheckpoint(bytes))).toEqual(bytes);
    expect(decodeCheckpoint(encodeCheckpoint({ ...state, best: null })).best).toBeNull();
    // As a file is read: a part of a larger piece of memory.
    expect(decodeCheckpoint(Buffer.concat([Buffer.alloc(3), bytes]).subarray(3))).toEqual(state);
  });

  it('is a safetensors file', () => {
    const bytes = encodeCheckpoint(state);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString());
    expect(header['state/w/é']).toEqual({ dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] });
    expect(header['state/count']).toMatchObject({ dtype: 'I64', shape: [] });
    expect(length % 8).toBe(0);
    const places = Object.entries(header).filter(([name]) => name !== '__metadata__');
    expect(Math.max(...places.map(([, place]) => (place as { data_offsets: number[] }).data_offsets[1]!))).toBe(
      bytes.length - 8 - length,
    );
  });

  it('notices any byte that changed, and any end that is missing', () => {
    const bytes = encodeCheckpoint(state);
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1;
      expect(() => decodeCheckpoint(damaged)).toThrow(expect.objectContaining({ code: 'CHECKPOINT_DAMAGED' }));
    }
    for (const length of [0, 7, 100, bytes.length - 1]) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'CHECKPOINT_DAMAGED' }),
      );
    }
  });

  it('tells states apart by their digest', () => {
    const next = { ...state, tensors: { ...state.tensors, exact: float64([Math.PI + 2 ** -51]) } };
    expect(digestOfState(next)).not.toBe(digestOfState(state));
    expect(digestOfState({ ...state })).toBe(digestOfState(state));
  });
});

describe('early stopping', () => {
  const judge = (rule: StoppingRule, values: readonly number[]) =>
    values.reduce((known, value, i) => afterEvaluation(rule, known, { value, step: 10 * (i + 1) }), notStopped);

  it('keeps the best, and ends after as many evaluations without a better one', () => {
    const rule: StoppingRule = { metric: 'accuracy', better: 'higher', patience: 2 };
    expect(judge(rule, [0.5, 0.7, 0.7])).toEqual({ best: 0.7, bestStep: 20, since: 1 });
    expect(isExhausted(rule, judge(rule, [0.5, 0.7, 0.7]))).toBe(false);
    expect(isExhausted(rule, judge(rule, [0.5, 0.7, 0.7, 0.6]))).toBe(true);
    expect(judge(rule, [0.5, 0.4, 0.6])).toEqual({ best: 0.6, bestStep: 30, since: 0 });
  });

  it('goes down where lower is better, and overlooks what is less than the least difference', () => {
    const rule: StoppingRule = { metric: 'loss', better: 'lower', patience: 3, least: 0.1 };
    expect(judge(rule, [1, 0.95, 0.91])).toEqual({ best: 1, bestStep: 10, since: 2 });
    expect(judge(rule, [1, 0.95, 0.89])).toEqual({ best: 0.89, bestStep: 30, since: 0 });
  });
});
