import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';
import { applicationFailureOf } from './failure.mapping.ts';
import { workflowError } from './workflows.errors.ts';

/** Bytes that one argument, result, query answer or heartbeat may have in a history. */
export const maxPayloadBytes = 65_536;

/**
 * JSON as usual, but nothing larger than `maxPayloadBytes`: a history holds references, the store holds the things.
 * Clients, workers and the workflow sandbox all load this module.
 * @throws ApplicationFailure of type PAYLOAD_TOO_LARGE, not retried.
 */
export const payloadConverter: PayloadConverter = {
  toPayload<T>(value: T): Payload {
    const payload = defaultPayloadConverter.toPayload(value);
    const bytes = payload?.data?.byteLength ?? 0;
    if (bytes > maxPayloadBytes) {
      throw applicationFailureOf(
        workflowError(
          'PAYLOAD_TOO_LARGE',
          `A payload of ${bytes} bytes (${keysOf(value)}): expected at most ${maxPayloadBytes}; store it and pass its digest`,
          { bytes, atMost: maxPayloadBytes },
        ),
      );
    }
    return payload;
  },
  fromPayload<T>(payload: Payload): T {
    return defaultPayloadConverter.fromPayload<T>(payload);
  },
};

function keysOf(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? Object.keys(value).slice(0, 8).join(', ') : typeof value;
}
