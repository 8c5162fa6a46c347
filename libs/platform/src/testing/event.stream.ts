import { graphqlPath } from '../graphql/subgraph.module.ts';

export interface Subscribing {
  readonly query: string;
  readonly variables?: object;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** The events of a subscription at a gateway (server-sent events), each as JSON, as they come. */
export async function* eventsOf(
  url: string,
  { query, variables, headers, signal }: Subscribing,
): AsyncGenerator<string> {
  const answer = await fetch(`${url}${graphqlPath}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    ...(signal && { signal }),
  });
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    for (const [, data] of chunk.matchAll(/^data: (.+)$/gm)) yield data!;
  }
}

/** All that a stream tells until it ends. */
export async function gathered(stream: AsyncIterable<string>): Promise<unknown[]> {
  const told: unknown[] = [];
  for await (const data of stream) told.push(JSON.parse(data));
  return told;
}
