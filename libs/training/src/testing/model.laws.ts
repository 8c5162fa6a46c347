import assert from 'node:assert/strict';
import { takeRows, type Batch, type ModelDefinition } from '@haat/kit';
import { openModel, readMetadata, type Encode, type ModelOutputs, type OpenModel } from '@haat/model-runtime';
import { describeModel } from '@haat/onnx';
import { trainedLaws, trainedOnce, type ModelLaw, type Trained, type TrainerUnderTest } from './trained.laws.ts';

/** A declared model that is served as a graph, with what it takes to put it through its laws. */
export interface ModelUnderTest<D extends ModelDefinition, Source, Data> extends TrainerUnderTest<D, Source, Data> {
  readonly encode: Encode;
  /** Raw inputs over the whole of the valid range, extremes included; at least two. */
  readonly inputs: readonly unknown[];
  /** The fitted function without its graph, from the artifact's own context: output name -> numbers, row-major. */
  readonly fitted: (context: unknown, batch: Batch) => ModelOutputs;
}

/** The contract of a model that is served as a graph: the laws of all models, and those of its kind. */
export function modelLaws<D extends ModelDefinition, Source, Data>(
  subject: ModelUnderTest<D, Source, Data>,
): readonly ModelLaw[] {
  const trained = trainedOnce(subject);
  const withOpen = async (work: (open: OpenModel, artifact: Uint8Array) => Promise<void>) => {
    const { artifact } = await trained();
    const open = await openModel(artifact, { encode: subject.encode });
    try {
      await work(open, artifact);
    } finally {
      await open.close();
    }
  };
  return [
    ...trainedLaws(subject.trainer, trained),
    ...lawsOfServing(subject, trained, withOpen),
    ...lawsOfGraph(subject, withOpen),
  ];
}

type WithOpen = (work: (open: OpenModel, artifact: Uint8Array) => Promise<void>) => Promise<void>;

function lawsOfServing<D extends ModelDefinition, Source, Data>(
  { trainer: { definition }, encode, inputs }: ModelUnderTest<D, Source, Data>,
  trained: () => Promise<Trained<Data>>,
  withOpen: WithOpen,
): ModelLaw[] {
  return [
    {
      name: 'features are finite and of their declared type',
      check: async () => {
        const { context } = readMetadata((await trained()).artifact);
        const { columns, rows } = encode(inputs, context);
        assert.deepEqual(Object.keys(columns).sort(), Object.keys(definition.features).sort());
        for (const [name, column] of Object.entries(columns)) {
          assert.equal(column.length, rows, `rows of ${name}`);
          if (column instanceof Float32Array || column instanceof Float64Array) {
            assert.ok(column.every(Number.isFinite), `${name} is not finite`);
          }
        }
      },
    },
    {
      name: 'it opens after 32 replay cases',
      check: () => withOpen(async ({ metadata }) => assert.equal(metadata.golden.length, 32)),
    },
    {
      name: 'permuting a batch permutes its outputs, and a row alone is answered as in company',
      check: () =>
        withOpen(async (open) => {
          const batch = encode(inputs, open.metadata.context);
          const order = inputs.map((_, i) => (i * 7919 + 13) % inputs.length);
          assert.equal(new Set(order).size, inputs.length, 'choose a number of inputs that 7919 does not divide');
          const straight = await open.run(batch);
          const permuted = await open.run(takeRows(batch, order));
          const alone = await open.run(takeRows(batch, [order[0]!]));
          for (const [name, values] of Object.entries(straight)) {
            const width = values.length / inputs.length;
            order.forEach((from, to) => {
              const wanted = values.subarray(from * width, (from + 1) * width);
              assert.deepEqual(permuted[name]!.subarray(to * width, (to + 1) * width), wanted, name);
            });
            assert.deepEqual(alone[name], values.slice(order[0]! * width, (order[0]! + 1) * width), name);
          }
        }),
    },
  ];
}

/** Largest difference between the fitted function and the served graph, by the type of the output. */
const tolerance = { float32: 1e-5, float64: 1e-12 } as const;

function lawsOfGraph<D extends ModelDefinition, Source, Data>(
  { trainer: { definition }, encode, inputs, fitted }: ModelUnderTest<D, Source, Data>,
  withOpen: WithOpen,
): ModelLaw[] {
  return [
    {
      name: 'the graph has the inputs and outputs of the card',
      check: () =>
        withOpen(async (_, artifact) => {
          const { inputs: ports, outputs } = describeModel(artifact);
          const typesOf = (entries: Iterable<readonly [string, { readonly dtype: string | null }]>) =>
            Object.fromEntries(Array.from(entries, ([name, { dtype }]) => [name, dtype]));
          assert.deepEqual(
            typesOf(ports.map((port) => [port.name, port])),
            typesOf(Object.entries(definition.features)),
          );
          assert.deepEqual(
            typesOf(outputs.map((port) => [port.name, port])),
            typesOf(Object.entries(definition.outputs)),
          );
        }),
    },
    {
      name: 'the fitted function is the served graph',
      check: () =>
        withOpen(async (open) => {
          const batch = encode(inputs, open.metadata.context);
          const served = await open.run(batch);
          for (const [name, wanted] of Object.entries(fitted(open.metadata.context, batch))) {
            const limit = wanted instanceof Float64Array ? tolerance.float64 : tolerance.float32;
            assert.equal(served[name]!.length, wanted.length, name);
            const worst = Float64Array.from(wanted, (value, i) => Math.abs(value - served[name]![i]!)).reduce(
              larger,
              0,
            );
            assert.ok(worst <= limit, `${name}: differs by ${worst}, at most ${limit} was expected`);
          }
        }),
    },
  ];
}

const larger = (a: number, b: number) => Math.max(a, b);
