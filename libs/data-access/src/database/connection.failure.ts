import { dataAccessError } from '../data-access.errors.ts';
import { tlsRemedy } from './tls.refusal.ts';

/** An error of connecting as ours, without the password; anything else as it is. */
export function connectionError(url: string, cause: unknown): unknown {
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  const { hostname, port, pathname, username } = new URL(url);
  const place = `${hostname}:${port || '5432'}${pathname}`;
  if (/^(28|3D)/.test(code)) {
    return dataAccessError(
      'DATABASE_REFUSED',
      `The database ${place} does not let the role ${decodeURIComponent(username)} in (${message}). Check DATABASE_URL.`,
      { place, role: username },
    );
  }
  const remedy = tlsRemedy(cause);
  if (remedy !== null) {
    return dataAccessError(
      'DATABASE_TLS_REFUSED',
      `No connection to the database ${place} that could be trusted: ${remedy}`,
      { place },
      cause,
    );
  }
  if (/^(ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|57P0)/.test(code) || /timeout|terminated/.test(message)) {
    return dataAccessError(
      'DATABASE_UNREACHABLE',
      `Nothing answers at the database ${place} (${code || message}). Start it, or check DATABASE_URL.`,
      { place },
      cause,
    );
  }
  return cause;
}

/** Whether a statement failed because the server was away, is going, or is coming: another attempt may do. */
export function isConnectionLoss(thrown: unknown): boolean {
  const { code = '', message = '' } = (thrown ?? {}) as { code?: string; message?: string };
  return (
    /^(08|57P0|53[0-3]|ECONN|EPIPE|EHOSTUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code) ||
    /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying)/.test(message)
  );
}
