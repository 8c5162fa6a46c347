import { defineModel, modelCard } from '@haat/kit';
import { z } from 'zod';
import type { ArtifactMetadata } from '../artifact.ts';
import { samplerArtifacts, type Sample } from '../open.sampler.ts';
import { splitmix } from './splitmix.ts';

/** A sampler of coins: how often `tosses` of them, by the chance of `seed`, show heads, each with the probability of the context. */
const coinModel = defineModel({
  name: 'sample/coins',
  title: 'Coins',
  owner: 'tests',
  intendedUse: 'Tests of the runtime',
  limitations: [],
  kind: 'sampler',
  input: z.object({ seed: z.int(), tosses: z.int().positive() }),
  features: {},
  target: { unit: '1', doc: 'Heads' },
  outputs: { share: { dtype: 'float64', unit: '1', doc: 'Share of heads', shape: ['1'] } },
  options: z.object({}),
  recipe: { algorithm: 'none', source: 'none' },
  metrics: {},
  gates: [],
  serving: { maxBatch: 1, timeoutMs: 1000, record: 0, fallback: '' },
});

export interface CoinContext {
  readonly heads: number;
}

export const tossCoins: Sample<CoinContext> = (input, { heads }) => {
  const { seed, tosses } = coinModel.input.parse(input);
  const uniform = splitmix(seed);
  const shown = Array.from({ length: tosses }, () => uniform() < heads).filter(Boolean).length;
  return { share: Float64Array.of(shown / tosses) };
};

export const openCoins = samplerArtifacts<CoinContext>(tossCoins);

/** What an artifact says whose coins show heads with probability `heads`; its cases are answered by `told`. */
export async function coinMetadata(heads: number, told = heads): Promise<ArtifactMetadata<CoinContext>> {
  const inputs = Array.from({ length: 32 }, (_, seed) => ({ seed, tosses: 10 + seed }));
  const golden = inputs.map(async (input) => {
    const { share } = await tossCoins(input, { heads: told });
    return { input, outputs: { share: Array.from(share!) } };
  });
  return {
    card: modelCard(coinModel),
    lineage: {
      dataset: { digest: 'd'.repeat(64), rows: 3, asOf: '2026-01-01T00:00:00.000Z' },
      heldOut: { digest: 'e'.repeat(64) },
      seed: 1,
      options: {},
    },
    golden: await Promise.all(golden),
    context: { heads },
  };
}
