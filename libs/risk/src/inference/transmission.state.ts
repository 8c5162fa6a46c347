import type { RiskSource } from '../contract/index.ts';
import { writeFacts } from '../store/index.ts';
import { inferenceOptions } from './sampling.of.facts.ts';

/** Writes what was observed in the window of a run to a file, as it was known at a revision of the data; the newest where none is named. Errors: NO_PERSONS. */
export async function stateTransmission(
  source: RiskSource,
  asOf: Date,
  options: unknown,
  file: string,
  revision?: number,
): Promise<{ readonly rows: number; readonly revision: number }> {
  const { days } = inferenceOptions(options);
  const at = revision === undefined ? await source.horizon(asOf) : { asOf, revision };
  const { rows } = await writeFacts(file, await source.facts({ ...at, days }));
  return { rows, revision: at.revision };
}
