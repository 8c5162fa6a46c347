import type { SkewReport } from '@haat/kit';
import type { InferenceOf } from '@haat/training';
import { personRoles, riskRecordError } from '../contract/index.ts';
import { ChainRun, posteriorOf, type TransmissionContext } from '../model/index.ts';
import { readFacts, type InferenceStore } from '../store/index.ts';
import { pooledSamples } from './chain.samples.ts';
import { decodeCheckpoint } from './checkpoint.codec.ts';
import { samplingOf } from './sampling.of.facts.ts';
import { testChoices } from './test.choices.ts';

/** R-hat above which chains do not agree (Gelman et al., Bayesian Data Analysis, 3rd ed., section 11.5). */
const AGREED = 1.1;

/** What all chains of a run say together. */
async function pooled(
  { runId: run, seed, options, context }: InferenceOf,
  factsFile: string,
  chains: readonly Uint8Array[],
) {
  const facts = await readFacts(factsFile);
  const sampling = { seed, chains: chains.length, model: options };
  const { population, plan } = samplingOf(facts, context as TransmissionContext, sampling);
  const kept = chains.map(decodeCheckpoint);
  const sums = kept.map((checkpoint, chain) => {
    const restored = new ChainRun(population, plan, chain);
    restored.restore(checkpoint);
    if (!restored.finished) throw riskRecordError('NO_INFERENCE', `Chain ${chain} of ${run} has not ended`);
    return restored.sums;
  });
  const posterior = posteriorOf(population.persons, population.days, sums);
  return { facts, population, plan, kept, posterior };
}

/** How what all chains of a run say of those for whom it answers differs from what is kept of it. */
export async function compareTransmission(
  store: Pick<InferenceStore, 'differences'>,
  run: InferenceOf,
  factsFile: string,
  chains: readonly Uint8Array[],
): Promise<SkewReport> {
  const { facts, posterior } = await pooled(run, factsFile, chains);
  const { persons, beginning } = facts;
  const answered = Uint32Array.from(persons.id.keys()).filter(
    (person) => (beginning?.role[person] ?? personRoles.answered) === personRoles.answered,
  );
  return store.differences(run.runId, persons.id, answered, posterior);
}

/** What all chains of a run say together, kept in the store. The same chains give the same rows. */
export async function poolTransmission(
  store: Pick<InferenceStore, 'keep'>,
  inference: InferenceOf,
  factsFile: string,
  chains: readonly Uint8Array[],
): Promise<Readonly<Record<string, number>>> {
  const { runId: run, ref, snapshot, seed, context } = inference;
  const { facts, population, plan, kept, posterior } = await pooled(inference, factsFile, chains);
  const { days } = population;
  const { beginning } = facts;
  const rHats = posterior.agreement.rHat.filter((_, person) => (beginning?.role[person] ?? 0) === personRoles.answered);
  const largestRHat = rHats.reduce((most, one) => Math.max(most, one), 1);
  const samples = pooledSamples(
    population,
    kept.map((one) => one.samples),
  );
  const tests = testChoices(facts, population, (context as TransmissionContext).parameters, samples);
  const answer = await store.keep({
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
    },
    persons: facts.persons.id,
    posterior,
    tests,
    carried: { initial: beginning?.initial ?? null, trajectories: kept.map(({ state }) => state) },
    beginning,
  });
  return {
    persons: answer.persons,
    recomputed_persons: rHats.length,
    expected_infected: answer.expectedInfected,
    largest_r_hat: largestRHat,
    disagreeing_persons: rHats.filter((one) => one > AGREED).length,
  };
}
