import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { edgeError } from '@haat/platform';
import { Gauge, type Registry } from 'prom-client';
import type { Admitted } from './auth/admission.ts';
import { gatewayError } from './gateway.errors.ts';
import { endedBy, Ending } from './subscription.stream.ts';

/** How many subscriptions the gateway follows at this moment. */
export function subscriptionGauge(registry: Registry): Gauge {
  return new Gauge({ name: 'haat_subscriptions', help: 'Subscriptions that are followed now', registers: [registry] });
}

export interface SubscriptionOptions {
  /** How many are followed at once. */
  readonly limit: number;
  /** How long the first word may take, ms: every subscription of ours begins with how things are. */
  readonly firstWithinMs: number;
  /** How often who follows is asked for again, ms. */
  readonly recheckMs: number;
  /** When it is aborted all end, so that a closing gateway need not wait for them: clients ask again elsewhere. */
  readonly draining: AbortSignal;
}

/**
 * Follows so many subscriptions at the most; one that ends, by itself or because its client left, makes room. Who follows is asked
 * for again every `recheckMs` and when the credentials expire: once they are good no more, or for something else, it ends with that error.
 */
export function followedSubscriptions(options: SubscriptionOptions, open: Gauge): GatewayPlugin {
  const { limit, firstWithinMs, recheckMs, draining } = options;
  const followed = new Set<Ending>();
  draining.addEventListener('abort', () => followed.forEach((ending) => ending.end()), { once: true });
  const follow = (): Ending => {
    if (followed.size >= limit) {
      const message = `The gateway follows ${limit} subscriptions at the most; ask again`;
      throw gatewayError('TOO_MANY_SUBSCRIPTIONS', message, { limit });
    }
    const ending = new Ending();
    followed.add(ending);
    open.set(followed.size);
    ending.signal.addEventListener('abort', () => {
      followed.delete(ending);
      open.set(followed.size);
    });
    return ending;
  };
  return {
    onSubscribe({ args: { contextValue }, subscribeFn, setSubscribeFn }) {
      const ending = follow();
      setSubscribeFn(async (args) => {
        try {
          const result = await subscribeFn(args);
          if (Symbol.asyncIterator in result) {
            recheckEvery(recheckMs, contextValue as object as Admitted, ending);
            return endedBy(ending, result, firstWithin(firstWithinMs, ending));
          }
          ending.end();
          return result;
        } catch (failure) {
          ending.end();
          throw failure;
        }
      });
    },
  };
}

/** Ends what says nothing within `ms`; the answer is to be called when it has said something. */
function firstWithin(ms: number, ending: Ending): () => void {
  const silence = 'What answers this subscription does not answer at the moment; ask again';
  const late = setTimeout(() => ending.end(edgeError('SERVICE_UNAVAILABLE', silence)), ms);
  const heard = () => clearTimeout(late);
  ending.signal.addEventListener('abort', heard);
  return heard;
}

/** Ends what somebody follows who may no more. Where that cannot be found out it ends too: nobody follows unknown for long. */
function recheckEvery(ms: number, { recheck }: Admitted, ending: Ending): void {
  let next: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    try {
      const expiresAt = await recheck();
      if (!ending.signal.aborted) next = setTimeout(look, Math.max(0, Math.min(ms, expiresAt.getTime() - Date.now())));
    } catch (refusal) {
      ending.end(refusal as Error);
    }
  };
  ending.signal.addEventListener('abort', () => clearTimeout(next));
  void look();
}
