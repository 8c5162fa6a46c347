import type { PendingStep } from '@haat/workflows/client';
import { adviceOf, type RunSituation } from './run.advice.ts';

const id = 'backfill/packaging-damage/0123456789abcdef';
const retrying: PendingStep = {
  step: 'backfillChunk',
  state: 'retrying',
  attempt: 4,
  attemptsAtMost: 20,
  startedAt: null,
  nextAttemptAt: new Date('2026-01-01T00:00:08Z'),
  lastFailure: { code: 'DATABASE_UNREACHABLE', message: 'The database does not answer' },
};

function situation(over: {
  run?: Partial<RunSituation['run']>;
  activity?: Partial<RunSituation['activity']>;
  backfill?: Partial<NonNullable<RunSituation['backfill']>>;
}): RunSituation {
  return {
    run: { id, kind: 'backfill', state: 'running', step: 'backfill', errorCode: null, options: {}, ...over.run },
    activity: { state: 'running', pending: [], ...over.activity },
    backfill: { pausedAt: null, done: 5, total: 10, changed: 5, undoes: null, collectedAt: null, ...over.backfill },
  };
}

describe('adviceOf', () => {
  it('says of a step that fails what comes next, when, until when, and what helps', () => {
    const advice = adviceOf(situation({ activity: { pending: [retrying] } })).join('\n');
    for (const said of ['"backfillChunk"', 'DATABASE_UNREACHABLE', 'attempt 4', '00:00:08', '20 times', 'PostgreSQL']) {
      expect(advice).toContain(said);
    }
  });

  it.each([
    [
      'a training that waits for an approval',
      { run: { kind: 'train', step: 'approve' } },
      `npx haat models approve ${id}`,
    ],
    ['a paused run', { backfill: { pausedAt: new Date(0) } }, `npx haat runs resume ${id}`],
    [
      'a step that no worker takes',
      { activity: { pending: [{ ...retrying, state: 'waiting' as const }] } },
      'npx haat status',
    ],
    ['a failed run', { run: { state: 'failed' as const, errorCode: 'MODEL_REFUSED' } }, 'MODEL_REFUSED'],
    ['a failed run that wrote', { run: { state: 'failed' as const } }, `npx haat backfill undo ${id}`],
    ['a cancelled run', { run: { state: 'cancelled' as const } }, `npx haat runs retry ${id}`],
    ['a run that ended unseen', { activity: { state: 'failed' as const } }, `npx haat runs retry ${id}`],
    [
      'a backfill whose before-images are gone',
      { run: { state: 'completed' as const }, backfill: { collectedAt: new Date(0) } },
      'Its time to be undone is over: what its rows were was collected at 1970-01-01T00:00:00.000Z.',
    ],
    ['a run that Temporal forgot', { activity: { state: null } }, 'Temporal does not know'],
  ])('says what to do about %s', (_what, over, said) => {
    expect(adviceOf(situation(over)).join('\n')).toContain(said);
  });

  it('says nothing of a run at work, of a finished training, or of undoing what wrote nothing', () => {
    expect(adviceOf(situation({}))).toEqual([]);
    expect(adviceOf({ ...situation({ run: { kind: 'train', state: 'completed' } }), backfill: null })).toEqual([]);
    expect(adviceOf(situation({ run: { state: 'completed', options: { dryRun: true } } }))).toEqual([]);
  });
});
