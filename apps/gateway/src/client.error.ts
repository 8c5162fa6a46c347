import { isDomainError } from '@haat/kit';
import { edgeError, faceOf, type Logger } from '@haat/platform';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { unsuggestive } from './schema.secrecy.ts';

/** Codes of a subgraph that did not answer, did not in GraphQL, or did not know this gateway: never the client's fault. */
const unreachable = new Set([
  'SUBREQUEST_HTTP_ERROR',
  'RESPONSE_VALIDATION_FAILED',
  'DOWNSTREAM_SERVICE_ERROR',
  'UNAUTHENTICATED',
]);

/** Whether an error of a subgraph's answer says that there was no answer. */
export function didNotAnswer(error: unknown): boolean {
  const code = error instanceof GraphQLError ? error.extensions.code : undefined;
  return typeof code === 'string' && unreachable.has(code);
}

export interface ErrorView {
  readonly logger: Logger;
  /** Whether clients may learn names of the schema. */
  readonly tellsSchema: boolean;
}

/**
 * An error of the runtime as a client may see it. What a subgraph answered passes with its code (subgraphs clean their own);
 * a subgraph that does not answer becomes SERVICE_UNAVAILABLE, without its address; a request that GraphQL itself refuses
 * keeps its message, without what a misspelt name may have meant where the schema is not told; all else is INTERNAL, with its
 * cause in the log.
 */
export function clientError(raised: unknown, { logger, tellsSchema }: ErrorView): GraphQLError {
  const thrown = isPlainError(raised) ? new GraphQLError(raised.message, raised) : raised;
  if (!(thrown instanceof GraphQLError)) return shown(thrown, undefined, logger);
  const { code, serviceName, details, reference } = thrown.extensions;
  if (didNotAnswer(thrown)) {
    logger.warn({ err: thrown, subgraph: serviceName }, 'subgraph did not answer');
    const what = thrown.path ? `What answers ${JSON.stringify(thrown.path.join('.'))}` : 'A part of Haat';
    return shown(edgeError('SERVICE_UNAVAILABLE', `${what} does not answer at the moment; ask again`), thrown, logger);
  }
  const fromSubgraph = typeof serviceName === 'string' && typeof code === 'string';
  if (fromSubgraph) return passed(thrown, { code, details, reference });
  const { originalError } = thrown;
  const refused = thrown.path === undefined && (originalError === undefined || originalError instanceof GraphQLError);
  if (refused) return passed(tellsSchema ? thrown : unsuggestive(thrown), { code: code ?? 'BAD_USER_INPUT' });
  return shown(thrown.originalError ?? thrown, thrown, logger);
}

/** An error as it came over a websocket: the runtime leaves it as JSON. */
function isPlainError(raised: unknown): raised is GraphQLFormattedError {
  return !(raised instanceof Error) && typeof (raised as GraphQLFormattedError | null)?.message === 'string';
}

function passed(error: GraphQLError, facts: Readonly<Record<string, unknown>>): GraphQLError {
  const { message, nodes, source, positions, path } = error;
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  const status = facts.code === 'BAD_REQUEST' ? 400 : 200;
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { http: { status }, ...known } });
}

function shown(thrown: unknown, place: GraphQLError | undefined, logger: Logger): GraphQLError {
  const { message, ...face } = faceOf(thrown, logger);
  const status = face.code === 'BAD_REQUEST' ? 400 : isDomainError(thrown) || place ? 200 : 500;
  return new GraphQLError(message, { path: place?.path, extensions: { http: { status }, ...face } });
}
