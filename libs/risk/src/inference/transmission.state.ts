import type { RiskSource } from '../contract/index.ts';
import { writeFacts } from '../store/index.ts';
import { inferenceOptions } from './sampling.of.facts.ts';

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
