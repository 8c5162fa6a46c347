import type { ModelRef } from '@haat/kit';
import type { Encode } from './artifact.ts';
import { openModel, type OpenModel } from './open.model.ts';

export interface ArchiveOptions {
  /** `domain/model`. */
  readonly model: string;
  /** The artifact's bytes by their digest. */
  readonly fetch: (digest: string) => Promise<Uint8Array>;
  readonly encode: Encode;
  /** Versions that stay open; the one that was not asked for longest goes first. Default 4. */
  readonly keep?: number;
}

/**
 * Any version of a model that the store still holds, serving or not: for answers that were given before. Each is opened once
 * and proves itself as a champion does.
 */
export class ArchivedModels<Context = unknown> {
  readonly #open = new Map<string, Promise<OpenModel<Context>>>();

  constructor(private readonly options: ArchiveOptions) {}

  /** @throws what `fetch` throws, ARTIFACT_DAMAGED, MODEL_REFUSED */
  async acquire(ref: ModelRef): Promise<{ readonly ref: ModelRef; readonly open: OpenModel<Context> }> {
    const { model, fetch, encode, keep = 4 } = this.options;
    const { digest } = ref;
    const opening =
      this.#open.get(digest) ??
      fetch(digest).then((bytes) =>
        openModel<Context>(bytes, { encode, expectedModel: model, expectedDigest: digest }),
      );
    this.#open.delete(digest);
    this.#open.set(digest, opening);
    // One that lets go of a model frees its graph when nobody holds it any more.
    while (this.#open.size > keep) this.#open.delete(this.#open.keys().next().value!);
    try {
      return { ref, open: await opening };
    } catch (reason) {
      this.#open.delete(digest);
      throw reason;
    }
  }
}
