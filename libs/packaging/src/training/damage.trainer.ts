import type { Trainer } from '@haat/training';
import type { PackagingSource } from '../contract/index.ts';
import { damageModel, type DamageModel } from '../model/index.ts';
import { damageArtifact } from './damage.artifact.ts';
import type { DamageData } from './damage.data.ts';
import { evaluateDamage, packageMeans, splitByProduct } from './damage.evaluation.ts';
import { fitDamage } from './damage.fit.ts';
import { servedProbabilities } from './damage.served.ts';
import { readDamageSnapshot, writeDamageSnapshot } from './damage.snapshot.ts';

/** Trains `packaging/damage` (research 1.2 and 1.3); the held-out fifth of the products is split off by the hash of their ids. */
export const damageTrainer: Trainer<DamageModel, PackagingSource, DamageData> = {
  definition: damageModel,

  async snapshot(source, asOf, file) {
    const at = await source.horizon(asOf);
    const [catalogue, facts, counts] = await Promise.all([
      source.catalogue(at),
      source.products(at),
      source.counts(at),
    ]);
    return { ...(await writeDamageSnapshot({ catalogue, facts, counts }, file)), revision: at.revision };
  },

  read: readDamageSnapshot,

  async fit(data, options, { seed, dataset, report, signal }) {
    const { training, digest } = splitByProduct(data);
    report({ fraction: null, message: `Fitting ${training.facts.rows} products` });
    const { parameters, fit } = fitDamage(training, options, {
      onIteration: ({ iteration, value, residual }) => {
        signal.throwIfAborted();
        report({
          fraction: null,
          message: `Iteration ${iteration}: objective ${value.toFixed(4)}, residual ${residual.toExponential(1)}`,
        });
      },
    });
    report({
      fraction: 1,
      message: `Converged after ${fit.iterations} iterations, residual ${fit.kktResidual.toExponential(1)}`,
    });
    return damageArtifact({ catalogue: data.catalogue, parameters }, training.facts, {
      dataset,
      heldOut: { digest },
      seed,
      options,
    });
  },

  async evaluate(artifact, data) {
    const { training, heldOut, digest } = splitByProduct(data);
    const means = packageMeans(training);
    const probability = await servedProbabilities(artifact, heldOut.facts, heldOut.catalogue, means);
    return evaluateDamage(probability, heldOut, means, digest);
  },
};
