import type { IncomingMessage } from 'node:http';
import type { ActorContext } from '../auth/actor.ts';

/** What every resolver gets as context: one object a request, so that loaders may be keyed by it. */
export interface RequestContext extends ActorContext {
  readonly req: { readonly raw: IncomingMessage };
}
