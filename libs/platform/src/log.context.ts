import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line of the work at hand carries. */
export interface LogContext {
  requestId?: string;
  workflowId?: string;
  runId?: string;
  /** GraphQL operation, by its root fields. */
  operation?: string;
  /** Who asks: the subject of the credentials. */
  actor?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work` so that its log lines, and those of all it calls, carry `context` on top of what they already carry. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

/** Runs `work` in a context that others hold on to as well: what they write into it later is logged too. */
export function inLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run(context, work);
}

/** The context of the work at hand; undefined outside of any. */
export function currentLogContext(): LogContext | undefined {
  return storage.getStore();
}
