import { modelCard, defineModel } from './index.ts';
import { z } from 'zod';

describe('modelCard', () => {
  it('is plain JSON that names the domain', () => {
    const card = modelCard(
      defineModel({
        name: 'packaging/damage',
        title: 't',
        owner: 'o',
        intendedUse: 'u',
        limitations: [],
        kind: 'convex',
        input: z.object({ a: z.number() }),
        features: { a: { dtype: 'float32', unit: '1', doc: 'a' } },
        target: { unit: '1', doc: 'd' },
        outputs: {},
        options: z.object({ seed: z.number().default(1) }),
        recipe: { algorithm: 'a', source: 's' },
        metrics: { logLoss: { unit: 'nat', doc: '', better: 'lower' } },
        gates: [{ metric: 'logLoss', atMost: 1 }],
        serving: { maxBatch: 1, timeoutMs: 1, record: 1, fallback: '' },
      }),
    );
    expect(card.domain).toBe('packaging');
    expect(JSON.parse(JSON.stringify(card))).toEqual(card);
  });
});
