import { defineModel, modelCard } from '@haat/kit';
import { z } from 'zod';

/** The card of a model that has all that a card needs and is never trained. */
export const sampleCard = modelCard(
  defineModel({
    name: 'packaging/sample',
    title: 'Sample',
    owner: 'packaging',
    intendedUse: 'Tests.',
    limitations: ['None is real.'],
    kind: 'convex',
    input: z.object({ x: z.number() }),
    features: { x: { dtype: 'float32', unit: '1', doc: 'x' } },
    target: { unit: '1', doc: 'y' },
    outputs: {},
    options: z.object({ ridge: z.number().gt(0).default(10).describe('Penalty') }),
    inference: z.object({ days: z.int().gte(1).default(7).describe('Days') }),
    dayTables: ['contacts', 'tests'],
    recipe: { algorithm: 'none', source: 'none' },
    metrics: { logLoss: { unit: 'nat', doc: 'Loss', better: 'lower' } },
    gates: [{ metric: 'logLoss', atMost: 1 }],
    serving: { maxBatch: 1, timeoutMs: 1, record: 1, fallback: '' },
  }),
);
