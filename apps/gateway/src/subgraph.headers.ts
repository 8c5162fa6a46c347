import { currentLogContext } from '@haat/platform';

/**
 * What every request to a subgraph carries, over HTTP as headers and over a websocket beside the operation, where the subgraph
 * reads it like headers. (The trace that it belongs to is added where its span begins.)
 */
export function subgraphHeaders(): Record<string, string> {
  const { requestId } = currentLogContext() ?? {};
  return requestId === undefined ? {} : { 'x-request-id': requestId };
}
