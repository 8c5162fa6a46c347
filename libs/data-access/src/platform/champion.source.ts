import type { ModelRef } from '@haat/kit';

import type { Database } from '../database/database.connection.ts';
import { listenFor } from '../database/database.notices.ts';
import { CHAMPION_CHANNEL, ModelRegistry } from './model.registry.ts';

export interface ChampionSourceOptions {
  /** How often champions are compared with those last seen, should a notice be lost. */
  readonly pollMs?: number;
  /** How long to wait before a lost connection is opened anew. */
  readonly reconnectMs?: number;
}

/** Which version of a model is the champion, and word of every change. */
export interface DatabaseChampions {
  champion(model: string): Promise<ModelRef | null>;
  /** Calls `listener` with the name of each model whose champion changed; answers how to stop that. */
  onChange(listener: (model: string) => void): () => void;
  close(): Promise<void>;
}

/**
 * Champions as the registry holds them. The database notifies on a connection of its own, which is opened with the first
 * listener and again whenever it breaks; polling finds what was promoted meanwhile.
 */
export function championSource(
  database: Database,
  { pollMs = 5_000, reconnectMs = 1_000 }: ChampionSourceOptions = {},
): DatabaseChampions {
  const registry = new ModelRegistry(database);
  const listeners = new Set<(model: string) => void>();
  let known: Map<string, number> | null = null;
  let stopListening: (() => Promise<void>) | undefined;
  let poll: NodeJS.Timeout | undefined;
  let closed = false;

  const tell = (model: string) => listeners.forEach((listener) => listener(model));

  async function compare(): Promise<void> {
    const now = new Map(
      (await registry.aliases()).filter(({ alias }) => alias === 'champion').map((a) => [a.model, a.version] as const),
    );
    const before = known;
    known = now;
    if (before === null) return;
    for (const [model, version] of now) if (before.get(model) !== version) tell(model);
  }

  const listener = {
    onNotice: (model: string) => void compare().catch(() => tell(model)),
    onListening: () => void compare().catch(() => undefined),
  };

  return {
    champion: (model) => registry.champion(model),
    onChange(changed) {
      listeners.add(changed);
      if (poll === undefined && !closed) {
        stopListening = listenFor(database, CHAMPION_CHANNEL, listener, reconnectMs);
        poll = setInterval(() => void compare().catch(() => undefined), pollMs).unref();
      }
      return () => listeners.delete(changed);
    },
    async close() {
      closed = true;
      clearInterval(poll);
      listeners.clear();
      await stopListening?.();
    },
  };
}
