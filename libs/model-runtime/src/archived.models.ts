import type { ModelRef } from '@haat/kit';
import type { OpenArtifact, ProvenArtifact } from './artifact.proof.ts';

export interface ArchiveOptions<Open extends ProvenArtifact> {
  /** `domain/model`. */
  readonly model: string;
  /** The artifact's bytes by their digest. */
  readonly fetch: (digest: string) => Promise<Uint8Array>;
  readonly open: OpenArtifact<Open>;
  /** Versions that stay open; the one that was not asked for longest goes first. Default 4. */
  readonly keep?: number;
}

/**
 * Any version of a model that the store still holds, serving or not: for answers that were given before. Each is opened once
 * and proves itself as a champion does.
 */
export class ArchivedModels<Open extends ProvenArtifact> {
  readonly #open = new Map<string, Promise<Open>>();

  constructor(private readonly options: ArchiveOptions<Open>) {}

  /** @throws what `fetch` throws, ARTIFACT_DAMAGED, MODEL_REFUSED */
  async acquire(ref: ModelRef): Promise<{ readonly ref: ModelRef; readonly open: Open }> {
    const { model, fetch, open, keep = 4 } = this.options;
    const { digest } = ref;
    const opening =
      this.#open.get(digest) ??
      fetch(digest).then((bytes) => open(bytes, { expectedModel: model, expectedDigest: digest }));
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
