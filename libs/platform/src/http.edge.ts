import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { isDomainError } from '@haat/kit';
import { context, SpanKind, type Context, type Span } from '@opentelemetry/api';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { faceOf } from './error.face.ts';
import type { Health } from './health.ts';
import { inLogContext, type LogContext } from './log.context.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { edgeError } from './platform.errors.ts';
import { spanOfHeaders } from './tracing/tracing.ts';

const requestIdForm = /^[\w.:-]{1,128}$/;

/** What is known of a request while it is answered. */
interface Answering {
  readonly log: LogContext;
  readonly span: Span;
  readonly within: Context;
}
const answering = new WeakMap<IncomingMessage, Answering>();

/** The caller's request id where it sent a well-formed one, else a new one. */
export function requestIdOf(headers: IncomingMessage['headers']): string {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && requestIdForm.test(sent) ? sent : randomUUID();
}

/** The log context of a request that this app is answering. */
export function contextOfRequest(request: IncomingMessage): LogContext | undefined {
  return answering.get(request)?.log;
}

/** Request ids, one log line a request, `/health/live`, `/health/ready` and `/metrics`. */
export function addEdge(fastify: FastifyInstance, logger: Logger, health: Health, metrics: Metrics): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const log: LogContext = { requestId: requestIdOf(request.headers) };
    const path = request.url.split('?')[0];
    const one = { log, ...spanOfHeaders(`${request.method} ${path}`, SpanKind.SERVER, request.headers) };
    answering.set(request.raw, one);
    reply.header('x-request-id', log.requestId);
    within(one, done);
  });
  // Reading the body may leave the context behind: enter it again before the handler.
  fastify.addHook('preValidation', (request, _reply, done) => within(answering.get(request.raw)!, done));
  fastify.addHook('onResponse', (request, reply, done) => {
    const path = request.url.split('?')[0];
    const quiet = path === '/metrics' || path?.startsWith('/health/');
    const one = answering.get(request.raw)!;
    const fields = {
      ...one.log,
      method: request.method,
      path,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
    };
    context.with(one.within, () => logger[quiet ? 'trace' : 'info'](fields, 'request'));
    if (one.log.operation) one.span.updateName(one.log.operation);
    one.span.setAttribute('http.response.status_code', reply.statusCode).end();
    done();
  });
  fastify.get('/health/live', () => ({ live: true }));
  fastify.get('/health/ready', async (_request, reply) => {
    const report = await health.ready();
    return reply.status(report.ready ? 200 : 503).send(report);
  });
  fastify.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

function within({ log, within: trace }: Answering, work: () => void): void {
  context.with(trace, () => inLogContext(log, work));
}

/** Errors outside of GraphQL's own (a body too large, no such path), in GraphQL's form, so that clients need one reader. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): unknown {
    if (host.getType<string>() !== 'http') return thrown;
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const expected = expectedError(thrown, http.getRequest<FastifyRequest>());
    const { message, ...extensions } = faceOf(expected ?? thrown, this.logger);
    this.metrics.errors.inc({ code: extensions.code });
    const answer = () => {
      if (extensions.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
      if (extensions.code === 'RATE_LIMITED')
        reply.header('retry-after', String(extensions.details?.['retryAfterSeconds']));
      return reply.status(statusOf(extensions.code)).send({ errors: [{ message, extensions }] });
    };
    return extensions.code === 'REQUEST_TOO_LARGE'
      ? readAway(http.getRequest<FastifyRequest>().raw).then(answer)
      : answer();
  }
}

/** How long a client may go on sending a body that nobody wants. */
const READ_AWAY_MS = 10_000;

/** Reads what a client still sends: closed upon while it writes, it would see a broken connection and not the answer. */
async function readAway(request: IncomingMessage): Promise<void> {
  request.resume();
  if (!request.complete)
    await once(request, 'end', { signal: AbortSignal.timeout(READ_AWAY_MS) }).catch(() => undefined);
}

function expectedError(thrown: unknown, request: FastifyRequest): Error | undefined {
  if (isDomainError(thrown)) return thrown;
  const { code, message, statusCode, status } = thrown as Partial<FastifyError> & { status?: number };
  const http = statusCode ?? status;
  const path = request.url.split('?')[0];
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || http === 413) {
    const limit = request.server.initialConfig.bodyLimit;
    return edgeError('REQUEST_TOO_LARGE', `The request's body is larger than ${limit} bytes`, { limitBytes: limit });
  }
  if (http === 404) return edgeError('NOT_FOUND', `No such address: ${request.method} ${path}`);
  if (http !== undefined && http >= 400 && http < 500)
    return edgeError('BAD_REQUEST', `${request.method} ${path}: ${message}`);
  return undefined;
}

const statuses: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  REQUEST_TOO_LARGE: 413,
  NOT_FOUND: 404,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL: 500,
};

function statusOf(code: string): number {
  return statuses[code] ?? 400;
}
