import type { ChainOptions, ForkedFit } from '@haat/training';
import { z } from 'zod';
import type { RiskFacts } from '../contract/index.ts';
import { transmissionModel, type TransmissionContext } from '../model/index.ts';
import { readFacts } from '../store/index.ts';
import { ChainSamples } from './chain.samples.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.codec.ts';
import { beginChain, samplingOf } from './sampling.of.facts.ts';

/** How often a chain may be put down, ms of work: what an interruption costs at the most. */
const CHECKPOINT_MS = 10_000;

const options = z.object({
  chain: z.int().gte(0),
  chains: z.int().gte(1),
  context: z.custom<TransmissionContext>(),
  model: z.record(z.string(), z.unknown()),
}) satisfies z.ZodType<ChainOptions>;

/** One chain of a run, in a process of its own: from facts to what it counted. Put down between two sweeps, it goes on to the same bytes. */
export const transmissionChain: ForkedFit = {
  definition: { name: transmissionModel.name, options },
  read: readFacts,
  async fit(facts, { chain, chains, context, model }: ChainOptions, { seed, report, signal, checkpoints }) {
    const sampling = samplingOf(facts as RiskFacts, context as TransmissionContext, { seed, chains, model });
    const { population, plan } = sampling;
    const run = beginChain(sampling, facts as RiskFacts, chain);
    const samples = new ChainSamples(population, plan);
    const before = await checkpoints?.load();
    if (before) {
      const kept = decodeCheckpoint(before);
      run.restore(kept);
      samples.restore(kept.samples);
    }
    const bytes = () => encodeCheckpoint({ ...run.checkpoint(), samples: samples.bytes });
    const total = plan.warmUp + plan.sweeps;
    let kept = performance.now();
    while (!run.finished) {
      run.step();
      samples.see(run);
      report({ fraction: run.done / total, message: `sweep ${run.done} of ${total}` });
      // Lets messages of the parent in.
      await new Promise((resume) => setImmediate(resume));
      const now = performance.now();
      if (signal.aborted || now - kept >= CHECKPOINT_MS) {
        await checkpoints?.save(bytes());
        kept = now;
      }
      signal.throwIfAborted();
    }
    return bytes();
  },
};
