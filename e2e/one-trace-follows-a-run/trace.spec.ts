import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { administratorHeaders, onStack, sharedStack } from '../stack/shared.stack.ts';

interface Span {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const clientSpan = 'b7ad6b7169203331';

function spansOfTrace(): Span[] {
  return readFileSync(sharedStack().spans, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Span)
    .filter((span) => span.traceId === traceId);
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    await sleep(100);
  }
}

describe('a trace', () => {
  it('goes from the client through gateway and platform to the workflow, its steps and the fit', async () => {
    const answer = await fetch(`http://127.0.0.1:${sharedStack().base}/graphql`, {
      method: 'POST',
      headers: { ...(await administratorHeaders()), traceparent: `00-${traceId}-${clientSpan}-01` },
      body: JSON.stringify({
        query: `mutation { trainModel(input: { model: "packaging/damage", promote: false, idempotencyKey: "traced" }) { id } }`,
      }),
    });
    const { data } = (await answer.json()) as { data: { trainModel: { id: string } } };
    expect((await onStack(['runs', 'watch', data.trainModel.id, '--json'])).status).toBe(0);

    const spans = await until(() => {
      const seen = spansOfTrace();
      return seen.some(({ name }) => name === 'RunWorkflow:trainModel') ? seen : undefined;
    });
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const named = (service: string, name: string) =>
      spans.find((span) => span.service === service && span.name === name);
    const lineage = (span: Span | undefined): string[] =>
      span === undefined ? [] : [`${span.service} ${span.name}`, ...lineage(byId.get(span.parentSpanId ?? ''))];
    const parts = spans.filter(({ parentSpanId }) => parentSpanId === named('worker', 'fit process')!.spanId);
    expect(parts.map(({ name }) => name)).toEqual([
      'fit: load trainer',
      'fit: read snapshot',
      'fit: train',
      'fit: write artifact',
    ]);
    expect(lineage(named('worker', 'fit: train'))).toEqual([
      'worker fit: train',
      'worker fit process',
      'worker RunActivity:fit',
      'worker StartActivity:fit',
      'worker RunWorkflow:trainModel',
      'platform StartWorkflow:trainModel',
      'platform mutation trainModel',
      'gateway subgraph platform',
      'gateway mutation trainModel',
    ]);
    expect(named('gateway', 'mutation trainModel')!.parentSpanId).toBe(clientSpan);
  });

  it('is named by the log lines of every app that it passes', () => {
    for (const app of ['gateway', 'platform']) {
      const log = readFileSync(join(sharedStack().home, 'logs', `${app}.log`), 'utf8');
      expect([app, log.includes(`"traceId":"${traceId}"`)]).toEqual([app, true]);
    }
  });
});
