import { defineModel, modelCard, type ModelCard } from '@haat/kit';
import { z } from 'zod';

import type { NewModelVersion } from '../platform/platform.records.ts';

/** The card of a model that is never trained. */
export const sampleCard = (name: `${string}/${string}`): ModelCard =>
  modelCard(
    defineModel({
      name,
      title: 't',
      owner: 'o',
      intendedUse: 'u',
      limitations: [],
      kind: 'convex',
      input: z.object({ a: z.number() }),
      features: { a: { dtype: 'float32', unit: '1', doc: 'a' } },
      target: { unit: '1', doc: 'd' },
      outputs: {},
      options: z.object({ ridge: z.number().default(10) }),
      recipe: { algorithm: 'a', source: 's' },
      metrics: {
        logLoss: { unit: 'nat', doc: '', better: 'lower' },
        auc: { unit: '1', doc: '', better: 'higher' },
        ratio: { unit: '1', doc: '', better: 'closer to 1' },
      },
      gates: [],
      serving: { maxBatch: 1, timeoutMs: 1, record: 1, fallback: '' },
    }),
  );

/** A version of `packaging/damage` as a run registers it. */
export const sampleVersion = (runId: string, over: Partial<NewModelVersion> = {}): NewModelVersion => ({
  model: 'packaging/damage',
  runId,
  digest: 'ab'.repeat(32),
  bytes: 5,
  card: sampleCard('packaging/damage'),
  metrics: { logLoss: 0.25 },
  gates: [{ gate: 'logLoss <= 1', passed: true, evidence: '0.25 <= 1' }],
  evaluation: { heldOut: { rows: 7 } },
  dataset: { digest: 'cd'.repeat(32), rows: 70, asOf: new Date('2026-01-02T03:04:05Z'), revision: 12 },
  ...over,
});
