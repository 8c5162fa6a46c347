import type { IncomingMessage } from 'node:http';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { RequestContext } from './subgraph.module.ts';

/** A websocket that the gateway opened (graphql-ws), as far as we look at it. */
interface Websocket {
  readonly extra: { readonly request: IncomingMessage };
}

interface WebsocketOperation {
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

/**
 * What resolvers get as context, of a request over HTTP or of an operation over a websocket. What the gateway sends as headers over
 * HTTP comes beside each operation of a websocket (`extensions.headers`), and stands in the headers of its request here.
 */
export function requestContext(
  from: RequestContext['req'] | Websocket,
  _idOrReply?: unknown,
  operation: WebsocketOperation = {},
): RequestContext {
  if (!('extra' in from)) return { req: from };
  const { request } = from.extra;
  const headers = { ...request.headers, ...sentHeaders(operation.extensions?.['headers']) };
  return { req: { raw: Object.create(request, { headers: { value: headers } }) as IncomingMessage } };
}

function sentHeaders(sent: unknown): Record<string, string> {
  if (typeof sent !== 'object' || sent === null) return {};
  return Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) => (typeof value === 'string' ? [[name.toLowerCase(), value]] : [])),
  );
}

/** Cleans the errors of what goes out over a websocket. */
export function cleanedResults(clean: (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError) {
  return <R extends { readonly errors?: readonly unknown[] }>(
    _socket: unknown,
    _id: string,
    _operation: unknown,
    _args: unknown,
    result: R,
  ): R => {
    const errors = result.errors as readonly GraphQLError[] | undefined;
    return errors ? { ...result, errors: errors.map((error) => clean(error.toJSON(), error)) } : result;
  };
}
