import { defineModel, modelCard, type Batch } from '@haat/kit';
import {
  add,
  apply,
  buildModel,
  cast,
  float64,
  gather,
  input,
  mul,
  parameter,
  sigmoid,
  sub,
  unsqueeze,
} from '@haat/onnx';
import { z } from 'zod';
import type { ArtifactMetadata, Encode } from '../artifact.ts';
import { graphArtifacts } from '../open.model.ts';

/** A row of the sample model: `probability` = sigmoid(`slope` ln(`weight`) + effect of `category`, minus 0, 1 and 2). */
export interface SampleRow {
  readonly category: string;
  readonly weight: number;
}

export const sampleModel = defineModel({
  name: 'sample/damage',
  title: 'Sample',
  owner: 'tests',
  intendedUse: 'Tests of the runtime',
  limitations: [],
  kind: 'convex',
  input: z.object({ category: z.string(), weight: z.number().positive() }),
  features: {
    category: { dtype: 'string', unit: '', doc: 'Category' },
    log_weight: { dtype: 'float32', unit: 'ln kg', doc: 'Weight' },
  },
  target: { unit: '1', doc: 'Damaged' },
  outputs: { probability: { dtype: 'float64', unit: '1', doc: 'Probability', shape: ['n', 'K'] } },
  options: z.object({}),
  recipe: { algorithm: 'none', source: 'none' },
  metrics: {},
  gates: [],
  serving: { maxBatch: 100, timeoutMs: 1000, record: 1, fallback: '' },
});

export const encodeSample: Encode = (inputs): Batch => {
  const rows = inputs as readonly SampleRow[];
  return {
    rows: rows.length,
    columns: {
      category: rows.map(({ category }) => category),
      log_weight: Float32Array.from(rows, ({ weight }) => Math.log(weight)),
    },
  };
};

/** Opens the sample's artifacts. */
export const openSample = graphArtifacts<{ readonly slope: number }>(encodeSample);

const effects: Readonly<Record<string, number>> = { books: -1, toys: 0.5 };
const packages = [0, 1, 2];

export function sampleGraph(slope: number): Uint8Array {
  const category = input('category', 'string', ['n']);
  const logWeight = input('log_weight', 'float32', ['n', 1]);
  const code = apply('LabelEncoder', [category], {
    keys_strings: Object.keys(effects),
    values_int64s: Object.keys(effects).map((_, i) => i),
    default_int64: packages.length - 1,
  });
  const effect = gather(parameter('effect', float64([...Object.values(effects), 0])), code);
  const weighted = mul(cast(logWeight, 'float64'), parameter('slope', float64([slope])));
  const base = add(weighted, unsqueeze(effect, 1));
  const logit = sub(base, parameter('protection', float64(packages)));
  return buildModel({
    name: 'sample',
    inputs: [category, logWeight],
    outputs: { probability: sigmoid(logit) },
  });
}

/** What the sample's graph should answer to one row, [K]. */
export function sampleAnswer(slope: number, { category, weight }: SampleRow): number[] {
  const base = slope * Math.fround(Math.log(weight)) + (effects[category] ?? 0);
  return packages.map((protection) => 1 / (1 + Math.exp(protection - base)));
}

export function sampleRows(count: number): SampleRow[] {
  const categories = ['books', 'toys', 'garden'];
  return Array.from({ length: count }, (_, i) => ({ category: categories[i % 3]!, weight: 0.1 + i * 0.37 }));
}

export function sampleMetadata(slope: number): ArtifactMetadata<{ readonly slope: number }> {
  return {
    card: modelCard(sampleModel),
    lineage: {
      dataset: { digest: 'd'.repeat(64), rows: 3, asOf: '2026-01-01T00:00:00.000Z' },
      heldOut: { digest: 'e'.repeat(64) },
      seed: 1,
      options: {},
    },
    golden: sampleRows(32).map((row) => ({ input: row, outputs: { probability: sampleAnswer(slope, row) } })),
    context: { slope },
  };
}
