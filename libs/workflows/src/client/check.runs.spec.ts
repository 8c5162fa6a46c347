import { driftInput, skewInput } from './check.runs.ts';

const now = new Date('2026-03-31T12:34:56Z');
const model = 'packaging/damage';

describe('a wish for a check', () => {
  it('is about the last 24 hours, or the day before, unless it says otherwise', () => {
    expect(skewInput({ model }, now).options).toEqual({
      from: '2026-03-30T12:35:00.000Z',
      to: '2026-03-31T12:35:00.000Z',
      rows: 2_000,
      seed: 1,
    });
    expect(driftInput({ model }, now).options).toMatchObject({ day: '2026-03-30' });
    expect(skewInput({ model, options: { to: '2026-01-02T00:00:00.000Z' } }, now).options.from).toBe(
      '2026-01-01T00:00:00.000Z',
    );
  });

  it('is refused for a day that is not over', () => {
    for (const day of ['2026-03-31', '2026-04-01']) {
      expect(() => driftInput({ model, options: { day } }, now)).toThrow(
        expect.objectContaining({ code: 'DAY_NOT_OVER', details: { model, day, today: '2026-03-31' } }),
      );
    }
    const midnight = new Date('2026-04-01T00:00:00Z');
    expect(driftInput({ model, options: { day: '2026-03-31' } }, midnight).options.day).toBe('2026-03-31');
  });

  it('has one id however often it is made, and another for another wish or key', () => {
    const ids = [
      skewInput({ model }, now),
      skewInput({ model, options: { rows: 5 } }, now),
      skewInput({ model, idempotencyKey: 'again' }, now),
      driftInput({ model }, now),
      driftInput({ model, options: { day: '2026-03-29' } }, now),
      driftInput({ model: 'packaging/other' }, now),
    ].map(({ runId }) => runId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(driftInput({ model, options: { day: '2026-03-30' } }, new Date('2026-04-09')).runId).toBe(ids[3]);
    expect(ids[0]).toMatch(/^skew\/packaging-damage\/[0-9a-f]{16}$/);
  });
});
