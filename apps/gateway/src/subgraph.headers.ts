import { actorOf, currentLogContext, type InternalTokenSigner } from '@haat/platform';

/** A request that the gateway plans to send to one subgraph. */
interface SubgraphRequest {
  readonly context: object;
  readonly subgraphName: string;
}

/**
 * What every request to a subgraph carries: for whom it is asked, signed for that subgraph, and the request's id. Over HTTP these
 * are headers; over a websocket they stand beside the operation, where the subgraph reads them like headers, so that a socket
 * that many share speaks for nobody. (The trace that the request belongs to is added where its span begins.)
 */
export function subgraphHeaders(signer: InternalTokenSigner) {
  return async ({ context, subgraphName }: SubgraphRequest): Promise<Record<string, string>> => {
    const authorization = `Bearer ${await signer.sign(actorOf(context), subgraphName)}`;
    const { requestId } = currentLogContext() ?? {};
    return { authorization, ...(requestId !== undefined && { 'x-request-id': requestId }) };
  };
}
