import DataLoader from 'dataloader';

/** Of a subscription, what stands for the request that its event at hand is. */
const events = new WeakMap<object, object>();

/** Each event of a subscription is a request of its own, though all have one context: what was made for the last is forgotten. */
export function beginEvent(context: object): void {
  events.set(context, {});
}

/**
 * Something made once a request and shared by all of its resolvers. The context object of the request is the key, so it is
 * forgotten with the request.
 */
export function perRequest<T>(create: (context: object) => T): (context: object) => T {
  const made = new WeakMap<object, T>();
  return (context) => {
    const request = events.get(context) ?? context;
    let one = made.get(request);
    if (one === undefined) made.set(request, (one = create(context)));
    return one;
  };
}

/**
 * A DataLoader a request: all keys that its resolvers ask for in one turn are read by one call of `read`, which answers a
 * value or an Error for each key, in order.
 */
export function loaderPerRequest<K, V>(
  read: (keys: readonly K[]) => Promise<readonly (V | Error)[]>,
): (context: object) => DataLoader<K, V> {
  return perRequest(() => new DataLoader<K, V>((keys) => read(keys)));
}
