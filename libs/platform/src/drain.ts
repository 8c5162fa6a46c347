import type { Server, ServerResponse } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { setImmediate as eventsHandled, setTimeout as sleep } from 'node:timers/promises';

/**
 * How long a connection that a client keeps open may still bring a request, ms. Closed at once, it would meet a request that
 * is on its way, and the client would see a broken connection.
 */
const LINGER_MS = 1_000;

/** Knows which requests a server is answering, so that it can stop without dropping one. */
export class Drain {
  readonly #answering = new Set<ServerResponse>();
  #draining = false;
  #empty: (() => void) | undefined;

  constructor(private readonly server: Server) {
    server.on('request', (_request, response: ServerResponse) => {
      this.#answering.add(response);
      if (this.#draining) response.setHeader('connection', 'close');
      response.once('close', () => {
        this.#answering.delete(response);
        if (this.#answering.size === 0) this.#empty?.();
      });
    });
  }

  get inFlight(): number {
    return this.#answering.size;
  }

  /**
   * Takes no new connection, tells clients with each answer to close theirs, and waits until every request in flight has its
   * answer. Returns how many had none after `milliseconds`.
   */
  async drain(milliseconds: number): Promise<number> {
    this.#draining = true;
    for (const response of this.#answering) if (!response.headersSent) response.setHeader('connection', 'close');
    // Connections that the system has taken for us are ours: hear of them before nobody listens any more.
    await eventsHandled();
    // Not HTTP's own close, which closes idle connections too.
    if (this.server.listening) TcpServer.prototype.close.call(this.server);
    await this.#lingering(Math.min(LINGER_MS, milliseconds));
    this.server.closeIdleConnections();
    if (this.#answering.size > 0) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        new Promise<void>((resolve) => (this.#empty = resolve)),
        new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds))),
      ]);
      clearTimeout(timer);
    }
    return this.#answering.size;
  }

  /** Waits while connections are open, `milliseconds` at the most: each closes with its next answer. */
  async #lingering(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    while (performance.now() < until && (await this.#connections()) > 0) await sleep(10);
  }

  #connections(): Promise<number> {
    return new Promise((resolve) => this.server.getConnections((failure, count) => resolve(failure ? 0 : count)));
  }
}
