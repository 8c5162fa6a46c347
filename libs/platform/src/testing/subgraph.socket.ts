import { graphqlPath } from '../graphql/subgraph.module.ts';

interface Message {
  readonly type: string;
  readonly payload?: unknown;
}

/**
 * Asks a running subgraph over a websocket (graphql-ws), with `headers` beside the operation as the gateway sends them: the payloads
 * of its answers, `most` of them or until it has ended. A refusal is the payload of an error: a list of errors.
 */
export async function followSubgraph(
  url: string,
  headers: Readonly<Record<string, string>>,
  { query, variables = {}, most }: { readonly query: string; readonly variables?: object; readonly most: number },
): Promise<readonly unknown[]> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${graphqlPath}`, 'graphql-transport-ws');
  const told: unknown[] = [];
  const send = (message: object) => socket.send(JSON.stringify(message));
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()));
  socket.addEventListener('open', () => send({ type: 'connection_init' }));
  socket.addEventListener('message', ({ data }) => {
    const { type, payload } = JSON.parse(String(data)) as Message;
    if (type === 'connection_ack')
      send({ id: '1', type: 'subscribe', payload: { query, variables, extensions: { headers } } });
    if (type === 'next' || type === 'error') told.push(payload);
    if (type === 'error' || type === 'complete' || told.length === most) socket.close(1000);
  });
  await closed;
  return told;
}
