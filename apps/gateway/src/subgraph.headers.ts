import { currentLogContext, traceHeaders } from '@haat/platform';

/**
 * What every request to a subgraph carries, over HTTP as headers and over a websocket beside the operation, where the subgraph
 * reads it like headers: the id of the client's request and the trace that it belongs to.
 */
export function subgraphHeaders(): Record<string, string> {
  const { requestId } = currentLogContext() ?? {};
  return { ...(requestId !== undefined && { 'x-request-id': requestId }), ...traceHeaders() };
}
