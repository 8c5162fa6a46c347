import type { Run, RunBackfill, RunDiagnosis } from '../gateway/run.queries.ts';
import { figure } from './evaluation.text.ts';
import { pairs, percent, seconds } from './table.ts';

/** A run in one line: its step, the share of the step that is done, and a word. */
export function runText({ state, progress }: Run): string {
  if (progress === null) return state;
  const share = progress.fraction === null ? '' : ` ${percent(progress.fraction, 0)}`;
  return `${progress.step}${share}${progress.message ? `: ${progress.message}` : ''}`;
}

/** A run with its steps and what it measured. */
export function runDetails({
  id,
  model,
  state,
  startedAt,
  endedAt,
  kind,
  backfill,
  steps,
  metrics,
  version,
  promoted,
  promotion,
  approval,
  error,
}: Run): string {
  const facts = pairs({
    run: id,
    kind,
    model,
    state,
    started: startedAt,
    ...(endedAt !== null && { took: seconds(Date.parse(endedAt) - Date.parse(startedAt)) }),
    ...(version !== null && {
      version: `${version.id} (${version.digest.slice(0, 12)})${promoted ? ', promoted' : ''}`,
    }),
    ...(promotion !== null && { promotion }),
    ...(approval !== null && {
      approval: approvalText(approval),
    }),
    ...(backfill !== null && rowFacts(backfill)),
    ...(error !== null && { error: `${error.code}: ${error.message}` }),
  });
  const times = steps.map((step): [string, string] => [
    step.step,
    step.finishedAt === null ? 'now' : seconds(Date.parse(step.finishedAt) - Date.parse(step.startedAt)),
  ]);
  const measured = (metrics ?? []).map(({ name, value }): [string, string] => [name, figure(value)]);
  const parts = [Object.fromEntries(times), Object.fromEntries(measured)].filter(
    (part) => Object.keys(part).length > 0,
  );
  return [facts, ...parts.map((part) => pairs(part))].join('\n\n');
}

function approvalText({ state, versionId, deadline, actor, reason }: NonNullable<Run['approval']>): string {
  return `${versionId} ${state} ${actor === null ? `(until ${deadline})` : `by ${actor}: ${reason}`}`;
}

/** How far the rows are, how fast, and how long still. */
function rowFacts({ total, done, changed, rowsPerSecond, secondsLeft, pausedAt, dryRun, undoes }: RunBackfill) {
  const speed = rowsPerSecond === null ? '' : `, ${figure(Math.round(rowsPerSecond))} rows/s`;
  const left = secondsLeft === null ? '' : `, ${seconds(secondsLeft * 1000)} left`;
  return {
    rows: `${done} of ${total}${speed}${left}`,
    [dryRun ? 'would change' : 'changed']: changed,
    ...(undoes !== null && { undoes }),
    ...(pausedAt !== null && { paused: `since ${pausedAt}` }),
  };
}

/** What a run waits for, why, and what to do. Empty where there is nothing to say. */
export function diagnosisText({ pending, advice }: RunDiagnosis): string {
  const steps = (pending ?? []).map(({ step, state, attempt, attemptsAtMost, nextAttemptAt, lastFailure }) => {
    const of = attemptsAtMost === null ? '' : ` of ${attemptsAtMost}`;
    const next = nextAttemptAt === null ? '' : `, next at ${nextAttemptAt}`;
    const why = lastFailure === null ? '' : `\n    last failure: ${lastFailure.code}: ${lastFailure.message}`;
    return `  ${step}: ${state}, attempt ${attempt}${of}${next}${why}`;
  });
  const parts = [
    ...(steps.length > 0 ? ['Waits for', ...steps] : []),
    ...((advice ?? []).length > 0 ? ['What now', ...advice!.map((line) => `  ${line}`)] : []),
  ];
  return parts.join('\n');
}
