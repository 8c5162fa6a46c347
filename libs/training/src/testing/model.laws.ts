import assert from 'node:assert/strict';
import { assertUnreachable, rowWidth, takeRows, type Batch, type ModelDefinition, type ModelFacts } from '@haat/kit';
import {
  columnTensors,
  openModel,
  readMetadata,
  type Encode,
  type ModelOutputs,
  type OpenModel,
} from '@haat/model-runtime';
import { describeModel, formatType, readTensors, type NetworkDefinition, type Tensors, type Values } from '@haat/onnx';
import { lawsOfNetworks, type NetworkUnderTest } from './network.laws.ts';
import { once, trainedLaws, trainedOnce, type ModelLaw, type Trained, type TrainerUnderTest } from './trained.laws.ts';

/** A model that is served as a graph. */
type GraphDefinition = ModelDefinition & { readonly kind: keyof KindProofs };

/** Such a model with what it takes to put it through its laws: those of all models, and those of its kind. */
export type ModelUnderTest<D extends GraphDefinition, Source, Data> = ModelInWorld<D, Source, Data> &
  KindProofs[D['kind']];

interface ModelInWorld<D extends ModelDefinition, Source, Data> extends TrainerUnderTest<D, Source, Data> {
  readonly encode: Encode;
  /** Raw inputs over the whole of the valid range, extremes included; at least two. */
  readonly inputs: readonly unknown[];
}

/** What shows, for each kind of model, that its graph is what was fitted. */
interface KindProofs {
  readonly convex: {
    /** The fitted function without its graph, from the artifact's own context: output name -> numbers, row-major. */
    readonly fitted: (context: unknown, batch: Batch) => ModelOutputs;
  };
  readonly network: {
    /** What is trained, with default options. */
    readonly network: NetworkDefinition<Values>;
    /** What the objective takes beside the inputs, for each of `inputs`. */
    readonly truth: Tensors;
  };
}

/** The contract of a model that is served as a graph: the laws of all models, and those of its kind. */
export function modelLaws<D extends GraphDefinition, Source, Data>(
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
    graphLaw(subject, withOpen),
    ...lawsOfKind(subject, withOpen, async () => (await trained()).artifact),
  ];
}

type WithOpen = (work: (open: OpenModel, artifact: Uint8Array) => Promise<void>) => Promise<void>;

function lawsOfServing<D extends ModelDefinition, Source, Data>(
  { trainer: { definition }, encode, inputs }: ModelInWorld<D, Source, Data>,
  trained: () => Promise<Trained<Data>>,
  withOpen: WithOpen,
): ModelLaw[] {
  return [
    {
      name: 'features are finite and of their declared type',
      check: async () => {
        const { context } = readMetadata((await trained()).artifact);
        const { columns, rows } = encode(inputs, context);
        const features: ModelFacts['features'] = definition.features;
        assert.deepEqual(Object.keys(columns).sort(), Object.keys(features).sort());
        for (const [name, column] of Object.entries(columns)) {
          assert.equal(column.length, rows * rowWidth(features[name]!), `rows of ${name}`);
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
          // How many rows a product of matrices has decides how a network's sums are split, and so rounded.
          const assertSame = definition.kind === 'network' ? assertClose : assert.deepEqual;
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
              assertSame(permuted[name]!.subarray(to * width, (to + 1) * width), wanted, name);
            });
            assertSame(alone[name]!, values.slice(order[0]! * width, (order[0]! + 1) * width), name);
          }
        }),
    },
  ];
}

/** Largest difference between the fitted function and the served graph against the larger of 1 and its size, by the type of the output. */
const tolerance = { float32: 1e-5, float64: 1e-12 } as const;

function graphLaw<D extends ModelDefinition, Source, Data>(
  { trainer: { definition } }: ModelInWorld<D, Source, Data>,
  withOpen: WithOpen,
): ModelLaw {
  return {
    name: 'the graph has the inputs and outputs of the card',
    check: () =>
      withOpen(async (_, artifact) => {
        const { inputs: ports, outputs } = describeModel(artifact);
        const typesOf = (entries: Iterable<readonly [string, { readonly dtype: string | null }]>) =>
          Object.fromEntries(Array.from(entries, ([name, { dtype }]) => [name, dtype]));
        assert.deepEqual(typesOf(ports.map((port) => [port.name, port])), typesOf(Object.entries(definition.features)));
        assert.deepEqual(
          typesOf(outputs.map((port) => [port.name, port])),
          typesOf(Object.entries(definition.outputs)),
        );
      }),
  };
}

function lawsOfKind<D extends GraphDefinition, Source, Data>(
  subject: ModelUnderTest<D, Source, Data>,
  withOpen: WithOpen,
  fit: () => Promise<Uint8Array>,
): ModelLaw[] {
  const { definition }: { readonly definition: GraphDefinition } = subject.trainer;
  const proof: Partial<KindProofs[keyof KindProofs]> = subject;
  switch (definition.kind) {
    case 'convex':
      return convexLaws(subject, proof as KindProofs['convex'], withOpen);
    case 'network':
      return fittedNetworkLaws(subject, proof as KindProofs['network'], withOpen, fit);
    default:
      return assertUnreachable(definition);
  }
}

function convexLaws<D extends ModelDefinition, Source, Data>(
  { encode, inputs }: ModelInWorld<D, Source, Data>,
  { fitted }: KindProofs['convex'],
  withOpen: WithOpen,
): ModelLaw[] {
  return [
    {
      name: 'the fitted function is the served graph',
      check: () =>
        withOpen(async (open) => {
          const batch = encode(inputs, open.metadata.context);
          const served = await open.run(batch);
          for (const [name, wanted] of Object.entries(fitted(open.metadata.context, batch))) {
            assertClose(served[name]!, wanted, name);
          }
        }),
    },
  ];
}

/** The laws of networks, over what was fitted; and that the card tells of the network that serves. */
function fittedNetworkLaws<D extends ModelDefinition, Source, Data>(
  { trainer: { definition }, encode, inputs }: ModelInWorld<D, Source, Data>,
  { network, truth }: KindProofs['network'],
  withOpen: WithOpen,
  fit: () => Promise<Uint8Array>,
): ModelLaw[] {
  const fitted = once(async (): Promise<NetworkUnderTest<Values>> => {
    const artifact = await fit();
    const { context } = readMetadata(artifact);
    const batch = { ...columnTensors(definition.features, encode(inputs, context)), ...truth };
    return { network, tensors: readTensors(artifact), batch };
  });
  return [
    {
      name: 'the card tells what was fitted',
      check: () =>
        withOpen(async ({ metadata: { card, lineage } }, artifact) => {
          assert.ok(card.kind === 'network', card.kind);
          const held = readTensors(artifact);
          const types = Object.keys(card.network.tensors).map((name) => [name, held[name] && formatType(held[name])]);
          assert.deepEqual(Object.fromEntries(types), card.network.tensors);
          assert.ok(lineage.fit !== undefined && lineage.fit.bestStep <= lineage.fit.step, 'the steps of the fit');
        }),
    },
    ...lawsOfNetworks(fitted),
  ];
}

function assertClose(got: ModelOutputs[string], wanted: ModelOutputs[string], name: string): void {
  const limit = wanted instanceof Float64Array ? tolerance.float64 : tolerance.float32;
  assert.equal(got.length, wanted.length, name);
  const worst = Float64Array.from(
    wanted,
    (value, i) => Math.abs(value - got[i]!) / Math.max(1, Math.abs(value)),
  ).reduce(larger, 0);
  assert.ok(worst <= limit, `${name}: differs by ${worst}, at most ${limit} was expected`);
}

const larger = (a: number, b: number) => Math.max(a, b);
