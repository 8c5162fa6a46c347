import { isIP } from 'node:net';
import { checkServerIdentity, connect } from 'node:tls';

import { tlsFaultOf, type DomainError, type TlsFault } from '@haat/kit';
import { workflowError } from '../workflows.errors.ts';
import type { TemporalAccess } from './temporal.access.ts';

/** What to do about each fault, by the environment's variables. */
const remedies: Readonly<Record<TlsFault, string>> = {
  untrusted:
    "its certificate does not lead to a CA that is trusted: name the file of the server's CA by TEMPORAL_TLS_CA_FILE",
  'other-name':
    'its certificate is for another name: name it in TEMPORAL_ADDRESS, or by TEMPORAL_TLS_SERVER_NAME, as its certificate does',
  'not-valid-now': 'its certificate is not valid now: renew it, or set the clocks',
  'client-certificate':
    'it does not take our certificate, or asks for one: name it and its key by TEMPORAL_TLS_CERT_FILE and TEMPORAL_TLS_KEY_FILE; where these are right, see whether what lies behind it runs',
  'no-tls': 'it speaks no TLS: take the TEMPORAL_TLS variables away, or let it',
};

/** What a client of HTTP/2 says first: its preface and empty settings (RFC 9113, section 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
const PROBE_MS = 3_000;

/** How a server took to TLS: a fault, `spoken` where nothing is amiss, `silent` where it does not answer at all. */
interface Probed {
  readonly outcome: TlsFault | 'spoken' | 'silent';
  /** Of what broke it. */
  readonly code: string;
}

/**
 * Why a connection did not come to be. The SDK's clients say no more than that it took too long, so the server is asked once more
 * by TLS alone. Answers TEMPORAL_TLS_REFUSED with what to do, TEMPORAL_UNREACHABLE where TLS is not the reason.
 */
export async function temporalFailure(access: TemporalAccess, cause: unknown): Promise<DomainError> {
  const { address, namespace, tls } = access;
  const place = `Temporal at ${address} (namespace ${namespace})`;
  const { outcome, code } = await probed(access);
  if (outcome === 'silent' || (tls === undefined ? outcome === 'no-tls' : outcome === 'spoken')) {
    return workflowError('TEMPORAL_UNREACHABLE', `${place} does not answer`, {}, cause);
  }
  const remedy =
    tls === undefined || outcome === 'spoken'
      ? 'it speaks TLS, and no variable of ours asks for it: set TEMPORAL_TLS=on, or TEMPORAL_TLS_CA_FILE'
      : `${remedies[outcome]} (${code})`;
  return workflowError(
    'TEMPORAL_TLS_REFUSED',
    `${place} gives no connection that could be trusted: ${remedy}`,
    {},
    cause,
  );
}

/** Shakes hands and begins to speak HTTP/2: a certificate of ours that is missing shows only after the handshake. */
function probed({ address, tls = {} }: TemporalAccess): Promise<Probed> {
  const [host = '', port] = address.split(':');
  const name = tls.serverNameOverride ?? host;
  const pair = tls.clientCertPair;
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port),
      ...(isIP(name) === 0 && { servername: name }),
      ...(tls.serverRootCACertificate && { ca: Buffer.from(tls.serverRootCACertificate) }),
      ...(pair && { cert: Buffer.from(pair.crt), key: Buffer.from(pair.key) }),
      ALPNProtocols: ['h2'],
      checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
      timeout: PROBE_MS,
    });
    let shaken = false;
    const end = (outcome: Probed['outcome'], code = '') => {
      socket.destroy();
      resolve({ outcome, code });
    };
    socket.on('secureConnect', () => {
      shaken = true;
      socket.write(PREFACE);
    });
    socket.on('data', () => end('spoken'));
    socket.on('timeout', () => end('silent'));
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) =>
      end(tlsFaultOf(code) ?? (shaken ? 'client-certificate' : 'silent'), code),
    );
    socket.on('close', () => end(shaken ? 'client-certificate' : 'silent', 'closed after the handshake'));
  });
}
