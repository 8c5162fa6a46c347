import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import type { Metrics } from '@haat/platform';
import { useRequestDeadline } from '@whatwg-node/server';
import { gatewayError } from './gateway.errors.ts';

/** Answers REQUEST_TIMED_OUT after `milliseconds` and cancels what the request still asks of subgraphs. A stream that has begun goes on. */
export function requestDeadline(milliseconds: number, metrics: Metrics): GatewayPlugin {
  return useRequestDeadline({
    timeout: milliseconds,
    response() {
      const { code, message } = gatewayError(
        'REQUEST_TIMED_OUT',
        `A request may take ${milliseconds} ms at the most; ask for less, or again`,
      );
      metrics.errors.inc({ code });
      const details = { limitMs: milliseconds };
      return Response.json({ errors: [{ message, extensions: { code, details } }] }, { status: 504 });
    },
  });
}
