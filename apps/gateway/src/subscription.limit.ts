import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { edgeError } from '@haat/platform';
import { Gauge, type Registry } from 'prom-client';
import { gatewayError } from './gateway.errors.ts';

/** How many subscriptions the gateway follows at this moment. */
export function subscriptionGauge(registry: Registry): Gauge {
  return new Gauge({ name: 'haat_subscriptions', help: 'Subscriptions that are followed now', registers: [registry] });
}

export interface SubscriptionOptions {
  /** How many are followed at once. */
  readonly limit: number;
  /** How long the first word may take, ms: every subscription of ours begins with how things are. */
  readonly firstWithinMs: number;
  /** When it is aborted all end, so that a closing gateway need not wait for them: clients ask again elsewhere. */
  readonly draining: AbortSignal;
}

/** Follows so many subscriptions at the most; one that ends, by itself or because its client left, makes room. */
export function subscriptionLimit({ limit, firstWithinMs, draining }: SubscriptionOptions, open: Gauge): GatewayPlugin {
  const followed = new Set<() => void>();
  draining.addEventListener('abort', () => followed.forEach((end) => end()), { once: true });
  return {
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      if (followed.size >= limit) {
        const message = `The gateway follows ${limit} subscriptions at the most; ask again`;
        throw gatewayError('TOO_MANY_SUBSCRIPTIONS', message, { limit });
      }
      const ending = new AbortController();
      const end = () => ending.abort();
      followed.add(end);
      open.set(followed.size);
      ending.signal.addEventListener('abort', () => {
        followed.delete(end);
        open.set(followed.size);
      });
      setSubscribeFn(async (args) => {
        try {
          const result = await subscribeFn(args);
          if (Symbol.asyncIterator in result) return until(ending, result, firstWithinMs);
          end();
          return result;
        } catch (failure) {
          end();
          throw failure;
        }
      });
    },
  };
}

/** The same values, until they end, fail, are left, or `ending` is aborted; then `ending` is aborted and the source left. */
function until<T>(ending: AbortController, values: AsyncIterable<T>, firstWithinMs: number): AsyncIterableIterator<T> {
  const source = values[Symbol.asyncIterator]();
  const over = { done: true, value: undefined } as const;
  let late: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_, reject) => {
    const silence = 'What answers this subscription does not answer at the moment; ask again';
    late = setTimeout(() => {
      reject(edgeError('SERVICE_UNAVAILABLE', silence));
      ending.abort();
    }, firstWithinMs);
  });
  // Nobody may have asked for the first word: an answer that cannot be a stream is thrown away before.
  silent.catch(() => undefined);
  const ended = new Promise<IteratorResult<T>>((resolve) => {
    ending.signal.addEventListener('abort', () => {
      clearTimeout(late);
      void Promise.resolve(source.return?.()).catch(() => undefined);
      resolve(over);
    });
  });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (ending.signal.aborted) return over;
      try {
        const result = await Promise.race([source.next(), silent, ended]);
        clearTimeout(late);
        if (result.done) ending.abort();
        return result;
      } catch (failure) {
        ending.abort();
        throw failure;
      }
    },
    return() {
      ending.abort();
      return Promise.resolve(over);
    },
  };
}
