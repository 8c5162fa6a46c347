import type { Actor } from '@haat/kit';
import type { RequestContext } from '../graphql/subgraph.module.ts';

/** Who asks. Until tokens are asked for, everybody on this machine is its administrator. */
export function actorOf(context: object): Actor {
  const { remoteAddress = 'unknown' } = (context as RequestContext).req.raw.socket;
  return { subject: 'user:local', role: 'admin', scopes: ['*'], origin: remoteAddress };
}
