import type { TraceExport } from '@haat/platform';
import { makeWorkflowExporter, type OpenTelemetrySinks } from '@temporalio/interceptors-opentelemetry';
import type { InjectedSinks } from '@temporalio/worker';

/** Nowhere: the sandbox hands its spans out whether somebody wants them or not. */
const dropped: InjectedSinks<OpenTelemetrySinks> = {
  exporter: { export: { fn: () => undefined, callDuringReplay: false } },
};

/** Where the spans of workflows leave their sandbox: the same way as all spans of this process, nowhere where that is null. */
export function workflowSpans(traces: TraceExport | null): InjectedSinks<OpenTelemetrySinks> {
  return traces ? { exporter: makeWorkflowExporter(traces.processor, traces.resource) } : dropped;
}
