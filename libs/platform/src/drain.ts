import type { Server, ServerResponse } from 'node:http';

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
   * Takes no new connection, tells clients to close theirs, and waits until every request in flight has its answer.
   * Returns how many had none after `milliseconds`.
   */
  async drain(milliseconds: number): Promise<number> {
    this.#draining = true;
    for (const response of this.#answering) if (!response.headersSent) response.setHeader('connection', 'close');
    if (this.server.listening) this.server.close();
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
}
