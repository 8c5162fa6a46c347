import { modelCard, type ModelDefinition } from '@haat/kit';
import {
  columnTensors,
  goldenCases,
  TensorSession,
  writeArtifact,
  type Encode,
  type GoldenCase,
  type Lineage,
} from '@haat/model-runtime';
import { forwardOf, networkFacts, serve, type NetworkDefinition, type Tensors, type Values } from '@haat/onnx';
import type { FittedNetwork } from './network.fit.ts';

/** A declared model of the kind `network` with what serves it. */
export interface NetworkModel<O extends Values> {
  readonly definition: ModelDefinition & { readonly kind: 'network' };
  readonly network: NetworkDefinition<O>;
  readonly encode: Encode;
  /** What a reader needs beside the graph; null unless said otherwise. */
  readonly context?: unknown;
}

/**
 * The artifact of a fitted network: its file with card, lineage and replay cases, which are 32 of the raw `examples` (at least one), spread
 * evenly, with the answers that the graph of training gives to them.
 */
export async function networkArtifact<O extends Values>(
  { definition, network, encode, context = null }: NetworkModel<O>,
  { tensors, step, bestStep, stoppedEarly, digest }: FittedNetwork,
  { examples, lineage }: { readonly examples: readonly unknown[]; readonly lineage: Lineage },
): Promise<Uint8Array> {
  const inputs = Array.from(
    { length: goldenCases },
    (_, i) => examples[Math.floor((i * examples.length) / goldenCases)],
  );
  const answers = await answersOf(network, tensors, columnTensors(definition.features, encode(inputs, context)));
  return writeArtifact(serve(network, tensors), {
    // What the options made of the network, not what the defaults would have.
    card: { ...modelCard(definition), kind: 'network', network: networkFacts(network, definition.network) },
    lineage: { ...lineage, fit: { step, bestStep, stoppedEarly, digest } },
    golden: inputs.map((input, row): GoldenCase => ({ input, outputs: rowOf(answers, row) })),
    context,
  });
}

/** What a network answers to a batch, computed as training computes it: parameters are inputs. */
export async function answersOf<O extends Values>(
  network: NetworkDefinition<O>,
  tensors: Tensors,
  batch: Tensors,
): Promise<Tensors> {
  const forward = forwardOf(network);
  const session = await TensorSession.open(forward.model);
  const fitted = Object.fromEntries(forward.tensors.map((name) => [name, tensors[name]!]));
  return session.run({ ...fitted, ...batch }).finally(() => session.release());
}

function rowOf(answers: Tensors, row: number): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    Object.entries(answers).map(([name, { data, shape }]) => {
      const width = data.length / shape[0]!;
      return [name, Array.from(data.slice(row * width, (row + 1) * width), Number)];
    }),
  );
}
