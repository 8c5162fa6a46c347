import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

interface Balancer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * What stands before the replicas of an app: hands each new connection to the next replica, and to the one after it only where
 * connecting is refused, as any load balancer does. A connection that is made stays where it is; nothing is sent twice.
 */
export async function startBalancer(replicas: readonly number[]): Promise<Balancer> {
  let next = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  };
  const server = createServer({ pauseOnConnect: true }, (client) => {
    keep(client);
    const first = next++;
    const attempt = (tries: number): void => {
      if (tries === replicas.length) return void client.destroy();
      const replica = connect({ port: replicas[(first + tries) % replicas.length]!, host: '127.0.0.1' });
      const refused = () => attempt(tries + 1);
      replica.once('error', refused);
      replica.once('connect', () => {
        replica.off('error', refused);
        keep(replica);
        client.on('close', () => replica.destroy());
        replica.on('close', () => client.destroy());
        client.pipe(replica);
        replica.pipe(client);
        client.resume();
      });
    };
    attempt(0);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
