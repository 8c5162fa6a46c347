import type { ModelRef } from '@haat/kit';

import type { Database } from '../database/database.connection.ts';
import { listenFor } from '../database/database.notices.ts';
import { ALIAS_CHANNEL } from './model.lifecycle.ts';
import { ModelRegistry } from './model.registry.ts';
import type { ModelAlias } from './platform.records.ts';

export interface AliasSourceOptions {
  /** How often aliases are compared with those last seen, should a notice be lost. */
  readonly pollMs?: number;
  /** How long to wait before a lost connection is opened anew. */
  readonly reconnectMs?: number;
}

/** Told of a model one of whose aliases stands for another version now. */
export type AliasListener = (model: string, alias: ModelAlias) => void;

/** Which version an alias of a model stands for, and word of every change. */
export interface DatabaseAliases {
  holder(model: string, alias: ModelAlias): Promise<ModelRef | null>;
  /** Calls `listener` for each alias that changed; answers how to stop that. */
  onChange(listener: AliasListener): () => void;
  close(): Promise<void>;
}

/**
 * Aliases as the registry holds them. The database notifies on a connection of its own, which is opened with the first
 * listener and again whenever it breaks; polling finds what changed meanwhile.
 */
export function aliasSource(
  database: Database,
  { pollMs = 5_000, reconnectMs = 1_000 }: AliasSourceOptions = {},
): DatabaseAliases {
  const registry = new ModelRegistry(database);
  const listeners = new Set<AliasListener>();
  let known: Map<string, number> | null = null;
  let stopListening: (() => Promise<void>) | undefined;
  let poll: NodeJS.Timeout | undefined;
  let closed = false;

  /** `name` is `<model>:<alias>`. */
  const tell = (name: string) => {
    const [model, alias] = name.split(':') as [string, ModelAlias];
    listeners.forEach((listener) => listener(model, alias));
  };

  async function compare(): Promise<void> {
    const aliases = await registry.aliases();
    const now = new Map(aliases.map(({ model, alias, version }) => [`${model}:${alias}` as string, version] as const));
    const before = known;
    known = now;
    if (before === null) return;
    for (const name of new Set([...before.keys(), ...now.keys()])) if (before.get(name) !== now.get(name)) tell(name);
  }

  const listener = {
    onNotice: (name: string) => void compare().catch(() => tell(name)),
    onListening: () => void compare().catch(() => undefined),
  };

  return {
    holder: (model, alias) => registry.holder(model, alias),
    onChange(changed) {
      listeners.add(changed);
      if (poll === undefined && !closed) {
        stopListening = listenFor(database, ALIAS_CHANNEL, listener, reconnectMs);
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
