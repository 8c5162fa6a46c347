import { Client, Connection, type ClientInterceptors, type DataConverter } from '@temporalio/client';
import { defaultFailureConverter, type LoadedDataConverter } from '@temporalio/common';
import { payloadConverter } from '../payload.converter.ts';
import type { TemporalAccess } from './temporal.access.ts';
import { temporalFailure } from './temporal.refusal.ts';

export interface TemporalOptions extends TemporalAccess {
  /** How long the first connection may take, ms. */
  readonly timeoutMs?: number;
  /** What looks at calls on their way, such as traces. */
  readonly interceptors?: ClientInterceptors;
}

/** A connection to Temporal, for starting, describing and cancelling runs. */
export interface Temporal {
  readonly client: Client;
  readonly namespace: string;
  /** Resolves when the server answers. Errors: TEMPORAL_UNREACHABLE, TEMPORAL_TLS_REFUSED. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Payloads as the workers read and write them. The client takes a converter that is loaded, though its type speaks of paths. */
const dataConverter: DataConverter & LoadedDataConverter = {
  payloadConverter,
  failureConverter: defaultFailureConverter,
  payloadCodecs: [],
};

/** Connects at once. Errors: TEMPORAL_UNREACHABLE, TEMPORAL_TLS_REFUSED. */
export async function connectTemporal(options: TemporalOptions): Promise<Temporal> {
  const { address, namespace, tls, apiKey, timeoutMs = 5_000, interceptors } = options;
  const failed = async (cause: unknown): Promise<never> => {
    throw await temporalFailure(options, cause);
  };
  const connection = await Connection.connect({ address, tls, apiKey, connectTimeout: timeoutMs }).catch(failed);
  return {
    client: new Client({ connection, namespace, dataConverter, interceptors }),
    namespace,
    async check() {
      await connection
        .withDeadline(Date.now() + timeoutMs, () => connection.workflowService.describeNamespace({ namespace }))
        .catch(failed);
    },
    close: () => connection.close(),
  };
}
