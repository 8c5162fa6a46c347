import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What goes wrong between a client and a server: every `every`-th byte of the answers is another one, answers end after some bytes, both
 * ways take longer, nothing comes through any more although connections stay open (half-open), or nobody listens.
 */
export type Fault =
  | { readonly kind: 'flip'; readonly every: number; readonly phase: number }
  | { readonly kind: 'truncate'; readonly after: number }
  | { readonly kind: 'latency'; readonly milliseconds: number }
  | { readonly kind: 'stall' }
  | { readonly kind: 'refuse' };

/** A TCP proxy on loopback that hands everything on, until it is told to do it badly. */
export interface FaultProxy {
  readonly port: number;
  /** From now on, for open connections too; null hands everything on again. A stalled connection stays stalled. */
  set(fault: Fault | null): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a proxy before `127.0.0.1:upstream` on a free port. */
export async function startFaultProxy(upstream: number): Promise<FaultProxy> {
  let fault: Fault | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const onward = connect({ port: upstream, host: '127.0.0.1' });
    pass(client, onward, () => fault, false);
    pass(onward, client, () => fault, true);
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        onward.destroy();
      });
    }
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    port,
    async set(next) {
      const refused = fault?.kind === 'refuse';
      fault = next;
      if (next?.kind === 'refuse' && !refused) await shut(server, sockets);
      if (next?.kind !== 'refuse' && refused) await listen(port);
    },
    async stop() {
      if (fault?.kind !== 'refuse') await shut(server, sockets);
    },
  };
}

async function shut(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

/** Hands on what `from` says to `to`, one chunk after the other. */
function pass(from: Socket, to: Socket, faultNow: () => Fault | null, isAnswer: boolean): void {
  let position = 0;
  let last = Promise.resolve();
  let stalled = false;
  from.on('data', (chunk) => {
    const fault = faultNow();
    stalled ||= fault?.kind === 'stall';
    if (stalled) return;
    const start = position;
    position += chunk.length;
    last = last.then(async () => {
      if (fault?.kind === 'latency') await sleep(fault.milliseconds);
      if (to.destroyed) return;
      if (isAnswer && fault?.kind === 'flip') to.write(flipped(chunk, start, fault));
      else if (isAnswer && fault?.kind === 'truncate' && position > fault.after) {
        to.end(chunk.subarray(0, Math.max(0, fault.after - start)));
        from.destroy();
      } else to.write(chunk);
    });
  });
  from.on('end', () => void (stalled || last.then(() => to.end())));
}

function flipped(chunk: Buffer, start: number, { every, phase }: Extract<Fault, { kind: 'flip' }>): Buffer {
  const other = Buffer.from(chunk);
  for (let at = (phase - (start % every) + every) % every; at < other.length; at += every) other[at]! ^= 1;
  return other;
}
