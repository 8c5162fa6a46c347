import type { RestatedInference } from '@haat/training';
import { dayOf, type RiskSource } from '../contract/index.ts';
import { writeFacts, type CarriedStore } from '../store/index.ts';
import { inferenceOptions } from './sampling.of.facts.ts';
import { stateAfter, type DaySource } from './transmission.day.ts';

/** Writes what was observed in the window of a run to a file. Errors: NO_PERSONS. */
export async function stateTransmission(
  source: RiskSource,
  asOf: Date,
  options: unknown,
  file: string,
): Promise<{ readonly rows: number; readonly revision: number }> {
  const { days } = inferenceOptions(options);
  const at = await source.horizon(asOf);
  const { rows } = await writeFacts(file, await source.facts({ ...at, days }));
  return { rows, revision: at.revision };
}

/** Where a kept run's problem is read from again. */
export interface KeptSource extends DaySource {
  readonly carried: DaySource['carried'] & Pick<CarriedStore, 'predecessorOf'>;
}

/**
 * Writes what a run that is kept was computed from to a file, from what was known then: to the same bytes, whether it began anew or went on from another run.
 * @throws NO_INFERENCE where it, or the run from which it went on, is kept no more
 */
export async function restateTransmission(
  source: KeptSource,
  { runId, ref, snapshot, context, options, chains }: RestatedInference,
  file: string,
): Promise<{ readonly rows: number }> {
  const { revision } = snapshot;
  const asOf = new Date(snapshot.asOf);
  const before = await source.carried.predecessorOf(runId);
  const { days } = inferenceOptions(options);
  if (before === null) return writeFacts(file, await source.facts.facts({ asOf, revision, days }));
  return stateAfter(source, before, { last: dayOf(asOf), at: { asOf, revision }, days, ref, context, chains }, file);
}
