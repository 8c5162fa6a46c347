import type { GatewayConfig } from '@graphql-hive/gateway-runtime';

/** How Node says that a connection ended under a request. */
const broken = new Set(['ECONNRESET', 'EPIPE']);

/**
 * A query whose connection broke before any answer came is asked once more, as HTTP lets clients do (RFC 9112, 9.3.1): a subgraph that
 * ends closes connections that it takes for idle, and cannot know of a request that is on its way. A mutation is not: it may have been
 * done. Nor is what was refused or took too long.
 */
export const askedOnceMore: GatewayConfig['upstreamRetry'] = ({ executionRequest }) =>
  executionRequest.operationType === 'query'
    ? {
        maxRetries: 1,
        retryDelay: 0,
        shouldRetry: ({ executionResult, response }) => response === undefined && connectionBroke(executionResult),
      }
    : undefined;

function connectionBroke(result: object | undefined): boolean {
  const errors: unknown = result !== undefined && 'errors' in result ? result.errors : undefined;
  return Array.isArray(errors) && errors.some((error) => broken.has(codeOf(error)));
}

function codeOf(error: { readonly originalError?: { readonly code?: unknown } }): string {
  return String(error.originalError?.code);
}
