import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import type { Logger } from '@haat/platform';
import { buildSchema, GraphQLError, type DocumentNode, type ExecutionResult } from 'graphql';
import { compileCheck, type AnswerCheck } from './answer.check.ts';
import { wrongType } from './gateway.errors.ts';

interface Asked {
  readonly document: DocumentNode;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * Believes no subgraph that its answer is of the types that it promised: what is not becomes null, or makes null what holds it,
 * with an error in its place. The runtime would pass on what came.
 */
export function checkedSubgraphs(supergraph: string, logger: Logger): GatewayPlugin {
  const schema = buildSchema(supergraph, { assumeValid: true, assumeValidSDL: true });
  const checks = new WeakMap<DocumentNode, AnswerCheck>();
  const checkOf = (document: DocumentNode) => {
    const check = checks.get(document) ?? compileCheck({ schema, document });
    checks.set(document, check);
    return check;
  };
  const checked = (subgraph: string, { document, variables }: Asked, result: ExecutionResult): ExecutionResult => {
    const { data: given, errors = [] } = result;
    if ((given === undefined || given === null) && errors.length > 0) return result;
    const { data, wrong } = checkOf(document)(given, variables ?? {});
    if (wrong.length === 0) return result;
    logger.error(
      { subgraph, places: wrong.length, first: wrong[0] },
      'subgraph answers what its schema does not allow',
    );
    return { ...result, data, errors: [...errors, ...wrong.map(({ path }) => wrongAt(path, subgraph))] };
  };
  return {
    onSubgraphExecute:
      ({ subgraphName, executionRequest }) =>
      ({ result, setResult }) => {
        if (!(Symbol.asyncIterator in result)) return setResult(checked(subgraphName, executionRequest, result));
        return {
          onNext({ result: next, setResult: setNext }) {
            setNext(checked(subgraphName, executionRequest, next));
          },
        };
      },
  };
}

function wrongAt(path: readonly (string | number)[], serviceName: string): GraphQLError {
  return new GraphQLError('', { ...(path.length > 0 && { path }), extensions: { code: wrongType, serviceName } });
}
