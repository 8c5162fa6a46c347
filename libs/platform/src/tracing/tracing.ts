import {
  context,
  propagation,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type SpanKind,
  type TextMapGetter,
} from '@opentelemetry/api';

/** Of whom a span is said to be; one name for the whole house. */
const tracer = () => trace.getTracer('haat');

/**
 * Runs `work` as a span of the trace at hand (a new trace where there is none). Its failure is the span's. Where nothing is
 * exported this is a call of `work` and little else.
 */
export async function inSpan<T>(name: string, kind: SpanKind, work: (span: Span) => Promise<T>): Promise<T> {
  const span = tracer().startSpan(name, { kind });
  try {
    return await context.with(trace.setSpan(context.active(), span), work, undefined, span);
  } catch (failure) {
    span.setStatus({
      code: SpanStatusCode.ERROR,
      message: failure instanceof Error ? failure.message : String(failure),
    });
    throw failure;
  } finally {
    span.end();
  }
}

/** Begins a span below what `headers` say (W3C Trace Context), and the context that holds it. */
export function spanOfHeaders(name: string, kind: SpanKind, headers: object): { span: Span; within: Context } {
  const parent = propagation.extract(context.active(), headers, headerGetter);
  const span = tracer().startSpan(name, { kind }, parent);
  return { span, within: trace.setSpan(parent, span) };
}

/** The trace at hand as headers (`traceparent`, `tracestate`); empty where nothing is exported. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** What log lines say of the trace at hand. */
export function traceFields(): { traceId?: string; spanId?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { traceId: span.traceId, spanId: span.spanId } : {};
}

const headerGetter: TextMapGetter<object> = {
  keys: (headers) => Object.keys(headers),
  get(headers, key) {
    const value: unknown = (headers as Record<string, unknown>)[key];
    return typeof value === 'string' ? value : undefined;
  },
};
