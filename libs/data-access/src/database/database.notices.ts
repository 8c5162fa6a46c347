import pg from 'pg';

import type { Database } from './database.connection.ts';

/** What to do with what PostgreSQL tells on a channel. */
export interface NoticeListener {
  onNotice(payload: string): void;
  /** Called whenever listening begins, at first and after a lost connection: what was told meanwhile is not known. */
  onListening(): void;
}

/**
 * Listens on a channel, on a connection of its own that is opened again `reconnectMs` after it broke. Answers how to stop.
 * Notices can be lost with the connection: whoever must not miss one looks for itself in `onListening`, and now and then.
 */
export function listenFor(
  database: Database,
  channel: string,
  { onNotice, onListening }: NoticeListener,
  reconnectMs: number,
): () => Promise<void> {
  let client: pg.Client | null = null;
  let again: NodeJS.Timeout | undefined;
  let stopped = false;

  async function listen(): Promise<void> {
    const opening = new pg.Client({ connectionString: database.url, application_name: 'haat-listen', keepAlive: true });
    client = opening;
    const lost = () => {
      if (client !== opening || stopped) return;
      client = null;
      again = setTimeout(() => void listen(), reconnectMs).unref();
    };
    opening.on('error', lost);
    opening.on('end', lost);
    opening.on('notification', ({ channel: on, payload }) => {
      if (on === channel && payload !== undefined) onNotice(payload);
    });
    try {
      await opening.connect();
      await opening.query(`listen ${channel}`);
      onListening();
    } catch {
      lost();
      await opening.end().catch(() => undefined);
    }
  }

  void listen();
  return async () => {
    stopped = true;
    clearTimeout(again);
    const last = client;
    client = null;
    await last?.end().catch(() => undefined);
  };
}
