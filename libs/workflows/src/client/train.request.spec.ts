import { trainInput, trainRunId, type TrainRequest } from './train.request.ts';

const request: TrainRequest = { model: 'packaging/damage', options: { a: 1, b: { c: 2, d: 3 } }, dataRevision: '7' };
const now = new Date('2026-02-03T04:05:06Z');

describe('trainRunId', () => {
  it('names domain and model, then 64 bits of what the run is', () => {
    expect(trainRunId(request)).toMatch(/^train\/packaging-damage\/[0-9a-f]{16}$/);
  });

  it('is the same for the same wish, whatever the order of its options and whenever it is made', () => {
    const reordered = { ...request, options: { b: { d: 3, c: 2 }, a: 1 } };
    expect(trainRunId(reordered)).toBe(trainRunId(request));
    expect(trainInput(request, now).runId).toBe(trainInput(request, new Date(0)).runId);
    expect(trainRunId({ ...request, seed: 1, promote: 'when-gates-pass' })).toBe(trainRunId(request));
    expect(trainRunId({ ...request, actor: { subject: 'user:asha', origin: 'test' } })).toBe(trainRunId(request));
  });

  it('is another one for every difference that counts', () => {
    const wishes: TrainRequest[] = [
      request,
      { ...request, model: 'packaging/other' },
      { ...request, options: { a: 2 } },
      { ...request, dataRevision: '8' },
      { ...request, seed: 2 },
      { ...request, promote: 'never' },
      { ...request, promote: 'when-approved' },
      { ...request, asOf: '2026-01-01T00:00:00.000Z' },
      { ...request, idempotencyKey: 'again' },
    ];
    expect(new Set(wishes.map(trainRunId)).size).toBe(wishes.length);
  });
});

describe('trainInput', () => {
  it('fills in what was not asked for', () => {
    expect(trainInput({ ...request, seed: undefined }, now)).toEqual({
      runId: trainRunId(request),
      model: 'packaging/damage',
      options: { asOf: '2026-02-03T04:05:06.000Z', seed: 1, promote: 'when-gates-pass', model: request.options },
    });
  });
});
