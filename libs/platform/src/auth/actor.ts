import type { Actor } from '@haat/kit';
import { edgeError } from '../platform.errors.ts';

/** The context of a request whose internal token was verified. */
export interface ActorContext {
  readonly actor: Actor;
}

/**
 * Who asks, by the internal token of the request.
 * @throws UNAUTHENTICATED where the request came by a way that verified none
 */
export function actorOf(context: object): Actor {
  const { actor } = context as Partial<ActorContext>;
  if (actor === undefined) throw edgeError('UNAUTHENTICATED', 'Ask the gateway: nobody is known to ask here');
  return actor;
}
