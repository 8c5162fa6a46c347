import { Context } from '@temporalio/activity';
import type { ContentStore, RunCheckpoints } from '@haat/data-access';
import { isDomainError } from '@haat/kit';

interface KeptCheckpoints {
  readonly checkpoints: RunCheckpoints;
  readonly store: ContentStore;
}

/** What an attempt before this one left of a part of a run; where its checkpoint is gone it starts anew, to the same end. */
export async function checkpointOf(
  { checkpoints, store }: KeptCheckpoints,
  runId: string,
  part = 0,
): Promise<string | null> {
  const digest = await checkpoints.latest(runId, part);
  if (digest === null) return null;
  return store.path(digest).catch((failure: unknown) => {
    if (!isDomainError(failure) || !['CONTENT_MISSING', 'CONTENT_DAMAGED'].includes(failure.code)) throw failure;
    Context.current().log.warn('the checkpoint cannot be read, work starts anew', { failure });
    return null;
  });
}

/** A run that has ended has ended, whether or not its last checkpoints could go: garbage collection finds them. */
export async function dropCheckpoints(
  { checkpoints, store }: KeptCheckpoints,
  run: { readonly runId: string; readonly model: string },
): Promise<void> {
  await checkpoints
    .drop(run, store)
    .catch((failure: unknown) => Context.current().log.warn('checkpoints were not removed', { failure }));
}
