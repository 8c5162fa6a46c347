import { modelCard, defineModel } from './index.ts';
import { z } from 'zod';

const declared = {
  name: 'packaging/shapes',
  title: 't',
  owner: 'o',
  intendedUse: 'u',
  limitations: [],
  input: z.object({}),
  features: { image: { dtype: 'float32', unit: '1', doc: 'i', sizes: [1, 8, 8] } },
  target: { unit: '1', doc: 'd' },
  outputs: {},
  options: z.object({}),
  recipe: { algorithm: 'a', source: 's' },
  metrics: {},
  gates: [],
  serving: { maxBatch: 1, timeoutMs: 1, record: 1, fallback: '' },
} as const;
const network = {
  description: 'Two layers',
  parameters: 12,
  tensors: { 'first/weight': 'float32 [3, 4]' },
  optimizer: 'AdamW',
  seed: 5,
};

describe('the kind of a model', () => {
  it('is declared with what only models of that kind declare, and stands on the card', () => {
    const card = modelCard(defineModel({ ...declared, kind: 'network', network }));
    expect(card).toMatchObject({ kind: 'network', network, features: { image: { sizes: [1, 8, 8] } } });
    expect(JSON.parse(JSON.stringify(card))).toEqual(card);
    // @ts-expect-error a network is declared with its facts
    expect(modelCard(defineModel({ ...declared, kind: 'network' }))).not.toHaveProperty('network');
    // @ts-expect-error there is no such kind
    expect(modelCard(defineModel({ ...declared, kind: 'oracle' })).kind).toBe('oracle');
  });
});

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
