import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/** Where the spans of this process go. */
export interface TraceExport {
  readonly resource: Resource;
  readonly processor: SpanProcessor;
  /** Sends what is not sent yet. */
  close(): Promise<void>;
}

/**
 * From now on the spans of this process go to an OTLP receiver (JSON over HTTP at `<endpoint>/v1/traces`), in batches and off the
 * path of requests; a receiver that is away costs the spans and nothing else. Once a process.
 */
export function exportTraces(app: string, endpoint: string): TraceExport {
  const resource = new Resource({ 'service.namespace': 'haat', 'service.name': app, 'process.pid': process.pid });
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url }), { scheduledDelayMillis: 1_000 });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  return { resource, processor, close: () => provider.shutdown().catch(() => undefined) };
}
