import { maxPayloadBytes, payloadConverter } from './payload.converter.ts';

describe('payloadConverter', () => {
  it('takes what JSON takes and gives it back', () => {
    for (const value of [{ digest: 'ab', rows: 3 }, [1, null, 'x'], 0.1, undefined]) {
      const payload = payloadConverter.toPayload(value);
      expect(payload === undefined ? undefined : payloadConverter.fromPayload(payload)).toEqual(value);
    }
  });

  it('takes 64 KB and refuses a byte more, by a typed failure that is not tried again', () => {
    const quotes = 2;
    const largest = 'x'.repeat(maxPayloadBytes - quotes);
    expect(payloadConverter.toPayload(largest)?.data?.byteLength).toBe(maxPayloadBytes);
    expect(() => payloadConverter.toPayload({ rows: largest })).toThrow(
      expect.objectContaining({
        type: 'PAYLOAD_TOO_LARGE',
        nonRetryable: true,
        message: expect.stringContaining('rows'),
      }),
    );
  });
});
