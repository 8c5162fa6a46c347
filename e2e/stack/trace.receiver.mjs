import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/**
 * An OpenTelemetry receiver (OTLP, JSON over HTTP) on a free port of loopback, which writes each span as a line of JSON to `file`:
 * `{ service, name, traceId, spanId, parentSpanId }`.
 */
export async function startTraceReceiver(file) {
  writeFileSync(file, '');
  const server = createServer(async (request, response) => {
    for (const { resource, scopeSpans } of (await json(request)).resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name').value.stringValue;
      for (const { name, traceId, spanId, parentSpanId } of scopeSpans.flatMap(({ spans }) => spans)) {
        appendFileSync(file, `${JSON.stringify({ service, name, traceId, spanId, parentSpanId })}\n`);
      }
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
