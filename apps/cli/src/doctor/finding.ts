import { isDomainError } from '@haat/kit';

/** What one check found. */
export interface Finding {
  readonly check: string;
  /** `warn`: works, and somebody should know; `fail`: does not work. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found });
export const warn = (check: string, found: string, advice: string): Finding => ({
  check,
  state: 'warn',
  found,
  advice,
});
export const fail = (check: string, found: string, advice: string): Finding => ({
  check,
  state: 'fail',
  found,
  advice,
});

/** How long one group of checks may take, ms: a server that is half there must not hold the doctor up. */
const PATIENCE_MS = 15_000;

/** The findings of one group; whatever it throws becomes a finding with what to do. */
export async function findings(check: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  const stop = new AbortController();
  const late = new Promise<readonly Finding[]>((resolve) => {
    const timer = setTimeout(
      () =>
        resolve([fail(check, `no answer within ${PATIENCE_MS / 1_000} s`, 'See its log; restart it if it stays so')]),
      PATIENCE_MS,
    );
    stop.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  try {
    return await Promise.race([look(), late]);
  } catch (thrown) {
    const { message } = thrown as Error;
    return [fail(check, isDomainError(thrown) ? `${thrown.code}: ${message}` : message, 'See the message')];
  } finally {
    stop.abort();
  }
}
