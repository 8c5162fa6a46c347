import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  assertUnreachable,
  modelCard,
  rowWidth,
  takeRows,
  type Batch,
  type ModelDefinition,
  type ModelFacts,
} from '@haat/kit';
import { columnTensors, openModel, type Encode, type ModelOutputs, type OpenModel } from '@haat/model-runtime';
import { describeModel, formatType, readTensors, type NetworkDefinition, type Tensors, type Values } from '@haat/onnx';
import { parseOptions } from '../run.options.ts';
import type { Trainer } from '../trainer.ts';
import { lawsOfNetworks, type NetworkUnderTest } from './network.laws.ts';
import type { ModelLaw } from './model.law.ts';

/** A declared model with what it takes to put it through its laws: those of all models, and those of its kind. */
export type ModelUnderTest<D extends ModelDefinition, Source, Data> = ModelInWorld<D, Source, Data> &
  KindProofs[D['kind']];

interface ModelInWorld<D extends ModelDefinition, Source, Data> {
  readonly trainer: Trainer<D, Source, Data>;
  /** A world small enough to train on in a second. */
  readonly source: Source;
  readonly asOf: Date;
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

/** The contract of a declared model: the laws of all models, and those of its kind. */
export function modelLaws<D extends ModelDefinition, Source, Data>(
  subject: ModelUnderTest<D, Source, Data>,
): readonly ModelLaw[] {
  const trained = once(() => train(subject));
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
    ...lawsOfAll(subject, trained, withOpen),
    graphLaw(subject, withOpen),
    ...lawsOfKind(subject, withOpen, async () => (await trained()).artifact),
  ];
}

interface Trained<Data> {
  readonly snapshots: readonly [Uint8Array, Uint8Array];
  readonly data: Data;
  readonly artifact: Uint8Array;
  readonly again: Uint8Array;
}

type WithOpen = (work: (open: OpenModel, artifact: Uint8Array) => Promise<void>) => Promise<void>;

function lawsOfAll<D extends ModelDefinition, Source, Data>(
  { trainer, encode, inputs }: ModelInWorld<D, Source, Data>,
  trained: () => Promise<Trained<Data>>,
  withOpen: WithOpen,
): ModelLaw[] {
  const { definition } = trainer;
  return [
    {
      name: 'its card is plain JSON',
      check: async () => {
        const card = modelCard(definition);
        assert.deepEqual(JSON.parse(JSON.stringify(card)), card);
      },
    },
    {
      name: 'the same facts give the same snapshot, to the byte',
      check: async () => {
        const [one, two] = (await trained()).snapshots;
        assert.deepEqual(one, two);
      },
    },
    {
      name: 'the same seed gives the same artifact, to the byte',
      check: async () => {
        const { artifact, again } = await trained();
        assert.deepEqual(artifact, again);
      },
    },
    {
      name: 'features are finite and of their declared type',
      check: async () => {
        const { context } = await contextOf((await trained()).artifact, encode);
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
    {
      name: 'evaluation gives every declared metric, as a number, twice the same',
      check: async () => {
        const { artifact, data } = await trained();
        const evaluation = await trainer.evaluate(artifact, data);
        assert.deepEqual(Object.keys(evaluation.metrics).sort(), Object.keys(definition.metrics).sort());
        for (const [name, value] of Object.entries(evaluation.metrics)) assert.ok(Number.isFinite(value), name);
        for (const { metric, loss, weight } of evaluation.losses) {
          const mean = loss.reduce((a, b) => a + b, 0) / weight.reduce((a, b) => a + b, 0);
          assert.ok(Math.abs(mean - evaluation.metrics[metric]!) < 1e-9, `losses of ${metric} by group`);
        }
        assert.deepEqual(await trainer.evaluate(artifact, data), evaluation);
      },
    },
    {
      name: 'the artifact names the held-out part that it is measured on',
      check: async () => {
        const { artifact, data } = await trained();
        const { heldOut } = await trainer.evaluate(artifact, data);
        const { lineage } = await contextOf(artifact, encode);
        assert.equal(lineage.heldOut.digest, heldOut.digest);
      },
    },
  ];
}

/** Largest difference between the fitted function and the served graph, by the type of the output. */
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

function lawsOfKind<D extends ModelDefinition, Source, Data>(
  subject: ModelUnderTest<D, Source, Data>,
  withOpen: WithOpen,
  fit: () => Promise<Uint8Array>,
): ModelLaw[] {
  const { definition }: { readonly definition: ModelDefinition } = subject.trainer;
  const proof: Partial<KindProofs[ModelDefinition['kind']]> = subject;
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
    const { context } = await contextOf(artifact, encode);
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
  const worst = Float64Array.from(wanted, (value, i) => Math.abs(value - got[i]!)).reduce(larger, 0);
  assert.ok(worst <= limit, `${name}: differs by ${worst}, at most ${limit} was expected`);
}

async function train<D extends ModelDefinition, Source, Data>({
  trainer,
  source,
  asOf,
}: ModelUnderTest<D, Source, Data>): Promise<Trained<Data>> {
  const folder = await mkdtemp(join(tmpdir(), 'haat-laws-'));
  try {
    const files = [join(folder, 'one.parquet'), join(folder, 'two.parquet')] as const;
    const { rows } = await trainer.snapshot(source, asOf, files[0]);
    await trainer.snapshot(source, asOf, files[1]);
    const data = await trainer.read(files[0]);
    const fit = () =>
      trainer.fit(data, parseOptions(trainer.definition, {}), {
        seed: 1,
        dataset: { digest: '0'.repeat(64), rows, asOf: asOf.toISOString() },
        report: () => undefined,
        signal: new AbortController().signal,
      });
    return {
      snapshots: [await readFile(files[0]), await readFile(files[1])],
      data,
      artifact: await fit(),
      again: await fit(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function contextOf(artifact: Uint8Array, encode: Encode): Promise<OpenModel['metadata']> {
  const open = await openModel(artifact, { encode });
  await open.close();
  return open.metadata;
}

const larger = (a: number, b: number) => Math.max(a, b);

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
