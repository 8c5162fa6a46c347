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
