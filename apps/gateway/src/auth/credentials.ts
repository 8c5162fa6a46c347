import { HAAT } from '@haat/kit';
import type { IncomingHttpHeaders } from 'node:http';
import { bearerToken, edgeError } from '@haat/platform';

/** What a client shows of itself. */
export interface Credentials {
  readonly kind: 'token' | 'key';
  readonly text: string;
}

const WHAT_TO_SEND = `send "Authorization: Bearer <token or API key>" or "x-api-key: <API key>" (${HAAT} up prints a token; ${HAAT} keys create makes a key)`;

/**
 * The credentials of a request: a JWT or an API key as bearer, or an API key in a header of its own.
 * @throws UNAUTHENTICATED where there are none, or two
 */
export function credentialsOf({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): Credentials {
  if (authorization !== undefined && apiKey !== undefined) throw unauthenticated('Two credentials came');
  if (typeof apiKey === 'string') return { kind: 'key', text: apiKey };
  if (authorization === undefined) throw unauthenticated('No credentials came');
  const text = bearerToken(authorization);
  if (text === undefined) throw unauthenticated('The header Authorization has another form');
  return { kind: text.startsWith('haat_') ? 'key' : 'token', text };
}

function unauthenticated(what: string): Error {
  return edgeError('UNAUTHENTICATED', `${what}: ${WHAT_TO_SEND}`);
}
