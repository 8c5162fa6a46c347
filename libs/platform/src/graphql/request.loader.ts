import DataLoader from 'dataloader';

/**
 * Something made once a request and shared by all of its resolvers. The context object of the request is the key, so it is
 * forgotten with the request.
 */
export function perRequest<T>(create: (context: object) => T): (context: object) => T {
  const made = new WeakMap<object, T>();
  return (context) => {
    let one = made.get(context);
    if (one === undefined) made.set(context, (one = create(context)));
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
