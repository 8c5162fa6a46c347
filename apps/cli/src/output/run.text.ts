import type { Run } from '../gateway/run.queries.ts';
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
