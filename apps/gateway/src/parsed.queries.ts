import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { LRUCache } from 'lru-cache';
import { parse, type DocumentNode } from 'graphql';

/** Characters of all texts whose parsed form is kept; a parsed query takes about fifty times the memory of its text. */
const KEPT_CHARACTERS = 2 ** 18;

/**
 * Parses queries and keeps what came of the last ones for the next time. How much is kept goes by the length of the texts: the
 * runtime's own cache counts queries, so that large ones, sent by whoever means ill, fill the memory with a thousand of them.
 */
export class ParsedQueries {
  readonly #kept = new LRUCache<string, DocumentNode>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (_document, text) => text.length,
  });

  /** Throws a GraphQLError where the text is no query, or has more than `maxTokens` tokens. */
  read(text: string, maxTokens: number): DocumentNode {
    const kept = this.#kept.get(text);
    if (kept !== undefined) return kept;
    const document = parse(text, { maxTokens });
    this.#kept.set(text, document);
    return document;
  }
}

/**
 * Takes the runtime's own cache of parsed queries out of its plugins, which no option does; what it keeps of validation, by document, stays.
 * It is the plugin that parses and validates and does nothing else. Fails where there is not exactly one.
 */
export function withoutParserCache(plugins: unknown[]): void {
  const caches = plugins.filter(
    (plugin): plugin is Pick<GatewayPlugin, 'onValidate'> =>
      typeof plugin === 'object' && plugin !== null && Object.keys(plugin).sort().join() === 'onParse,onValidate',
  );
  const [cache] = caches;
  if (cache === undefined || caches.length > 1)
    throw new Error(
      `Expected one cache of parsed queries among the plugins of the runtime, and found ${caches.length}`,
    );
  plugins[plugins.indexOf(cache)] = { onValidate: cache.onValidate };
}
