import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import type { DomainError } from '@haat/kit';
import { edgeError } from '@haat/platform';
import { GraphQLError, getOperationAST, type ExecutionArgs } from 'graphql';
import { gatewayError } from './gateway.errors.ts';
import { ParsedQueries, withoutParserCache } from './parsed.queries.ts';
import { measureQuery, type QueryMeasure } from './query.measure.ts';

/** The most that one request may ask for. */
export interface QueryLimits {
  /** Operations of one request. */
  readonly batch: number;
  /** Characters of a query's text: what is parsed is kept for the next time, so that its length is memory too. */
  readonly length: number;
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly cost: number;
}

/** Refuses what asks for too much, before any subgraph is called and before variables are coerced. */
export function queryLimits(limits: QueryLimits): GatewayPlugin {
  const queries = new ParsedQueries();
  const check = (args: ExecutionArgs) => checkOperation(limits, args);
  return {
    onPluginInit: ({ plugins }) => withoutParserCache(plugins),
    onRequestParse: () => ({
      onRequestParseDone({ requestParserResult }) {
        if (!Array.isArray(requestParserResult)) return;
        const { length } = requestParserResult;
        if (length === 0) throw edgeError('BAD_REQUEST', 'A batch holds at least one operation, and none came');
        if (length > limits.batch)
          throw over('BATCH_TOO_LARGE', 'One request may hold', limits.batch, 'operations', length);
      },
    }),
    onParse({ params: { source }, setParsedDocument }) {
      const text = source.toString();
      const { length } = text;
      if (length > limits.length) throw over('QUERY_TOO_LONG', 'A query may have', limits.length, 'characters', length);
      setParsedDocument(parseWithin(limits.tokens, () => queries.read(text, limits.tokens)));
    },
    onExecute: ({ args }) => check(args),
    onSubscribe: ({ args }) => check(args),
  };
}

/** graphql-js stops at the first token too many, and says so by its message alone. */
function parseWithin<T>(tokens: number, read: () => T): T {
  try {
    return read();
  } catch (failure) {
    const stopped = failure instanceof GraphQLError && failure.message.includes(`more that ${tokens} tokens`);
    if (stopped) throw over('TOO_MANY_TOKENS', 'A query may have', tokens, 'tokens', 'more');
    if (!(failure instanceof GraphQLError)) throw failure;
    const { message, source, positions } = failure;
    throw new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  }
}

function checkOperation(limits: QueryLimits, { document, operationName, variableValues, schema }: ExecutionArgs): void {
  const operation = getOperationAST(document, operationName);
  if (!operation) return;
  const variables = variableValues ?? {};
  const nested = nesting(variables, limits.depth);
  if (nested > limits.depth) {
    throw over('VARIABLES_TOO_DEEP', 'Values of variables may lie', limits.depth, 'deep in one another', 'deeper ones');
  }
  const measured = measureQuery(schema, document, operation, variables);
  for (const [measure, code, may, what] of bounds) {
    if (measured[measure] > limits[measure]) throw over(code, may, limits[measure], what, measured[measure]);
  }
}

const bounds = [
  ['depth', 'QUERY_TOO_DEEP', 'Fields may lie', 'deep in one another'],
  ['rootFields', 'TOO_MANY_ROOT_FIELDS', 'An operation may ask for', 'root fields'],
  ['aliases', 'TOO_MANY_ALIASES', 'An operation may have', 'aliases'],
  ['cost', 'QUERY_TOO_COSTLY', 'An operation may cost', '(objects that it may answer)'],
] as const satisfies readonly (readonly [keyof QueryMeasure, Parameters<typeof gatewayError>[0], string, string])[];

/** How deep a JSON value is nested, without recursion; stops when it is deeper than `enough`. */
function nesting(value: unknown, enough: number): number {
  let level: unknown[] = [value];
  let depth = 0;
  for (; depth <= enough; depth++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) break;
  }
  return depth;
}

function over(
  code: Parameters<typeof gatewayError>[0],
  may: string,
  limit: number,
  what: string,
  came: number | string,
): DomainError {
  const details = { limit, ...(typeof came === 'number' && { came }) };
  return gatewayError(code, `${may} ${limit} ${what} at the most, and ${came} came`, details);
}
