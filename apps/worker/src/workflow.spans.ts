import type { TraceExport } from '@haat/platform';
import { makeWorkflowExporter, type OpenTelemetrySinks } from '@temporalio/interceptors-opentelemetry';
import type { InjectedSinks } from '@temporalio/worker';

/** Where the spans of workflows leave their sandbox: the same way as all spans of this process. */
export function workflowSpans({ processor, resource }: TraceExport): InjectedSinks<OpenTelemetrySinks> {
  return { exporter: makeWorkflowExporter(processor, resource) };
}
