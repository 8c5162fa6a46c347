import type { InferenceOf } from '@haat/training';
import { personRoles, riskRecordError } from '../contract/index.ts';
import { ChainRun, posteriorOf, type TransmissionContext } from '../model/index.ts';
import { readFacts, type InferenceStore } from '../store/index.ts';
import { decodeCheckpoint } from './checkpoint.codec.ts';
import { samplingOf } from './sampling.of.facts.ts';

/** R-hat above which chains do not agree (Gelman et al., Bayesian Data Analysis, 3rd ed., section 11.5). */
const AGREED = 1.1;

/** What all chains of a run say together, kept in the store. The same chains give the same rows. */
export async function poolTransmission(
  store: Pick<InferenceStore, 'keep'>,
  { runId: run, ref, snapshot, seed, options, context }: InferenceOf,
  factsFile: string,
  chains: readonly Uint8Array[],
): Promise<Readonly<Record<string, number>>> {
  const facts = await readFacts(factsFile);
  const sampling = { seed, chains: chains.length, model: options };
  const { population, plan } = samplingOf(facts, context as TransmissionContext, sampling);
  const checkpoints = chains.map((bytes) => decodeCheckpoint(bytes));
  const sums = checkpoints.map((checkpoint, chain) => {
    const restored = new ChainRun(population, plan, chain);
    restored.restore(checkpoint);
    if (!restored.finished) throw riskRecordError('NO_INFERENCE', `Chain ${chain} of ${run} has not ended`);
    return restored.sums;
  });
  const { persons, days } = population;
  const posterior = posteriorOf(persons, days, sums);
  const { beginning } = facts;
  const rHats = posterior.agreement.rHat.filter((_, person) => (beginning?.role[person] ?? 0) === personRoles.answered);
  const largestRHat = rHats.reduce((most, one) => Math.max(most, one), 1);
  const kept = await store.keep({
    inference: {
      run,
      ref,
      factsDigest: snapshot.digest,
      asOf: new Date(snapshot.asOf),
      revision: snapshot.revision,
      firstDay: facts.firstDay,
      days,
      seed,
      chains: chains.length,
      sweeps: plan.sweeps,
      largestRHat,
    },
    persons: facts.persons.id,
    posterior,
    carried: { initial: beginning?.initial ?? null, trajectories: checkpoints.map(({ state }) => state) },
    beginning,
  });
  return {
    persons: kept.persons,
    recomputed_persons: rHats.length,
    expected_infected: kept.expectedInfected,
    largest_r_hat: largestRHat,
    disagreeing_persons: rHats.filter((one) => one > AGREED).length,
  };
}
