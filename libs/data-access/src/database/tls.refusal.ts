import { tlsFaultOf, type TlsFault } from '@haat/kit';

/** What to do about each fault, by parameters of DATABASE_URL. */
const remedies: Readonly<Record<TlsFault, string>> = {
  untrusted:
    "its certificate does not lead to a CA that is trusted. Name the file of the server's CA by sslrootcert in DATABASE_URL.",
  'other-name':
    'its certificate is for another name. Name the server in DATABASE_URL by the name that its certificate has.',
  'not-valid-now': 'its certificate is not valid now. Renew it, or set the clocks.',
  'client-certificate': 'it does not take our certificate. Name one and its key by sslcert and sslkey in DATABASE_URL.',
  'no-tls': 'it speaks no TLS. Let it (ssl = on), or take sslmode out of DATABASE_URL where nobody else is on the way.',
};

/** What is wrong with TLS to PostgreSQL and what to do, for people; null where a failure has nothing to do with it. */
export function tlsRemedy(cause: unknown): string | null {
  const { code = '', message = '', syscall, path } = (cause ?? {}) as NodeJS.ErrnoException;
  if (syscall === 'open' && path !== undefined) {
    return `${path} cannot be read (${code}). See to the files that sslrootcert, sslcert and sslkey of DATABASE_URL name.`;
  }
  const fault = message === 'The server does not support SSL connections' ? 'no-tls' : tlsFaultOf(code);
  if (fault === null) return null;
  return `${remedies[fault]} (${fault === 'no-tls' ? message : `${code}: ${message}`})`;
}
