import type { ModelRef } from '@haat/kit';
import type { Encode } from './artifact.ts';
import type { Champion } from './champion.model.ts';
import { openModel } from './open.model.ts';

export interface PinnedOptions {
  /** `domain/model`. */
  readonly model: string;
  /** The artifact's bytes by their digest. */
  readonly fetch: (digest: string) => Promise<Uint8Array>;
  readonly encode: Encode;
}

/** Versions held open at once; whoever works on one that was let go may finish with it. */
const heldAtOnce = 2;

/**
 * Versions of one model by reference, whichever serves now: for work that must end with the version that it began with. The
 * last ones stay open. Errors: those of opening a model; a version that could not be opened is tried again when it is asked for.
 */
export function pinnedModels<Context = unknown>({
  model,
  fetch,
  encode,
}: PinnedOptions): (ref: ModelRef) => Promise<Champion<Context>> {
  const held = new Map<string, Promise<Champion<Context>>>();
  const open = async (ref: ModelRef): Promise<Champion<Context>> => ({
    ref,
    open: await openModel<Context>(await fetch(ref.digest), {
      encode,
      expectedModel: model,
      expectedDigest: ref.digest,
    }),
  });
  return (ref) => {
    const known = held.get(ref.digest);
    if (known) return known;
    const opening = open(ref);
    held.set(ref.digest, opening);
    opening.catch(() => held.delete(ref.digest));
    if (held.size > heldAtOnce) held.delete(held.keys().next().value!);
    return opening;
  };
}
