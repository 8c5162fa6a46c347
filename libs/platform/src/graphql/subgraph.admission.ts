import type { IncomingMessage } from 'node:http';
import type { Actor } from '@haat/kit';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { InternalTokenVerifier } from '../auth/internal.token.ts';
import type { RequestContext } from './request.context.ts';

/** A websocket that the gateway opened (graphql-ws), as far as we look at it. */
interface Websocket {
  readonly extra: { readonly request: IncomingMessage };
}

interface WebsocketOperation {
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

/** An error as clients may see it, from what was thrown. */
type Clean = (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;

/**
 * Who is let in to a subgraph, over HTTP and over websockets alike: whoever brings a token that the gateway signed for it. What the
 * gateway sends as headers over HTTP comes beside each operation of a websocket (`extensions.headers`), which many requests share:
 * each operation is let in or refused by itself, and its headers stand in the headers of its request.
 */
export function subgraphAdmission(verifier: InternalTokenVerifier, clean: Clean) {
  const admitted = new WeakMap<WebsocketOperation, Actor>();
  return {
    async context(
      from: RequestContext['req'] | Websocket,
      _idOrReply?: unknown,
      operation: WebsocketOperation = {},
    ): Promise<RequestContext> {
      if (!('extra' in from)) {
        return { req: from, actor: await verifier.actor(from.raw.headers.authorization).catch(refused) };
      }
      const { request } = from.extra;
      const headers = { ...request.headers, ...sentHeaders(operation) };
      const raw = Object.create(request, { headers: { value: headers } }) as IncomingMessage;
      return { req: { raw }, actor: admitted.get(operation)! };
    },
    websocket: {
      /** Comes before an operation is read; where it answers an error, that is all that the other side gets. */
      async onSubscribe(_socket: unknown, _id: string, operation: WebsocketOperation) {
        try {
          admitted.set(operation, await verifier.actor(sentHeaders(operation)['authorization']));
          return undefined;
        } catch (reason) {
          const thrown = new GraphQLError('', { originalError: reason as Error });
          const { message, extensions } = clean(thrown.toJSON(), thrown);
          return [new GraphQLError(message, { extensions })];
        }
      },
      onNext<R extends { readonly errors?: readonly unknown[] }>(
        _socket: unknown,
        _id: string,
        _operation: unknown,
        _args: unknown,
        result: R,
      ): R {
        const errors = result.errors as readonly GraphQLError[] | undefined;
        return errors ? { ...result, errors: errors.map((error) => clean(error.toJSON(), error)) } : result;
      },
    },
  };
}

/** A request that is let in by nobody is answered as a whole, with HTTP's status. */
function refused(reason: unknown): never {
  throw refusal(reason, 401);
}

/** A request refused as a whole, for a reason that clients are told, with HTTP's status. */
export function refusal(reason: unknown, status: number): GraphQLError {
  const originalError = reason instanceof Error ? reason : undefined;
  return new GraphQLError('', { originalError, extensions: { http: { status } } });
}

function sentHeaders({ extensions }: WebsocketOperation): Record<string, string> {
  const sent = extensions?.['headers'];
  if (typeof sent !== 'object' || sent === null) return {};
  return Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) => (typeof value === 'string' ? [[name.toLowerCase(), value]] : [])),
  );
}
