const events = ['SIGTERM', 'SIGINT'] as const;

type Handlers = ReadonlyMap<string, readonly unknown[]>;

/** The handlers of termination signals at this moment. */
export function terminationHandlers(): Handlers {
  return new Map(events.map((event) => [event, process.listeners(event)]));
}

/**
 * Takes away the handlers that came since `before`. Hive's server adapter adds one that disposes the gateway at once, under
 * the requests in flight; the app's own shutdown answers them first and disposes then.
 */
export function removeTerminationHandlersSince(before: Handlers): void {
  for (const event of events) {
    const known = new Set(before.get(event));
    for (const handler of process.listeners(event)) if (!known.has(handler)) process.off(event, handler);
  }
}
