import assert from 'node:assert/strict';
import { TensorSession } from '@haat/model-runtime';
import {
  adaGrad,
  compileTrainingStep,
  describeModel,
  formatType,
  int64,
  serve,
  type NetworkDefinition,
  type Tensor,
  type Tensors,
  type Values,
} from '@haat/onnx';
import { RowTables } from '../network/index.ts';
import type { ModelLaw } from './trained.laws.ts';

/** A network with what it takes to put it through its laws. */
export interface NetworkUnderTest<O extends Values> {
  readonly network: NetworkDefinition<O>;
  /** Parameters and states by name, fitted or as they begin. */
  readonly tensors: Tensors;
  /** All inputs, the truth included; at least two rows, over the range that requests have. */
  readonly batch: Tensors;
}

/** Largest difference between numbers of the training graph and of the served one, relative to numbers above 1. */
const tolerance = 1e-5;

/** What holds for every network, so that it serves what was trained. */
export function networkLaws<O extends Values>(subject: NetworkUnderTest<O>): readonly ModelLaw[] {
  return lawsOfNetworks(async () => subject);
}

/** The same of a network that is not fitted yet. */
export function lawsOfNetworks<O extends Values>(fitted: () => Promise<NetworkUnderTest<O>>): readonly ModelLaw[] {
  const law = (name: string, check: (subject: Proof) => Promise<void>): ModelLaw => ({
    name,
    check: async () => check(proofOf(await fitted())),
  });
  return [
    law('the same definition is the same file', async ({ served }) => assert.deepEqual(served(), served())),
    law('the served file takes what a request brings, and nothing of the truth', async ({ served, request }) => {
      const names = describeModel(served()).inputs.map(({ name }) => name);
      assert.deepEqual(names.sort(), Object.keys(request).sort());
    }),
    law('the forward part of the training step is the served graph', async ({ served, request, trained }) =>
      assertClose(await resultsOf(served(), request), await trained()),
    ),
    law('a row alone is answered as in company', async ({ served, request }) => {
      const whole = await resultsOf(served(), request);
      const last = Object.values(request)[0]!.shape[0]! - 1;
      for (const row of [0, last]) {
        const alone = await resultsOf(
          served(),
          mapped(request, (tensor) => rowOf(tensor, row)),
        );
        assertClose(
          alone,
          mapped(whole, (tensor) => rowOf(tensor, row)),
        );
      }
    }),
  ];
}

interface Proof {
  readonly served: () => Uint8Array;
  readonly request: Tensors;
  /** The answers as the training step computes them. */
  readonly trained: () => Promise<Tensors>;
}

function proofOf<O extends Values>({ network, tensors, batch }: NetworkUnderTest<O>): Proof {
  return {
    served: () => serve(network, tensors),
    request: pick(
      batch,
      network.inputs.flatMap(({ origin }) => (origin.kind === 'input' ? [origin.name] : [])),
    ),
    async trained() {
      const outputs = network.outputs('serving');
      const { loss } = network.objective(outputs);
      // Every output as a metric of the step: it is computed where gradients are, from parameters that are inputs.
      const step = compileTrainingStep({ loss, metrics: outputs }, adaGrad(0));
      const given = pick(batch, Object.keys(step.batch));
      const tables = new RowTables(step.tables);
      tables.load(tensors);
      const results = await resultsOf(step.model, {
        ...step.initial,
        ...pick(tensors, [...step.parameters, ...step.states]),
        ...tables.pooled(step.tables, given),
        ...given,
        step: int64([0], []),
      });
      return pick(results, Object.keys(outputs));
    },
  };
}

async function resultsOf(model: Uint8Array, feeds: Tensors): Promise<Tensors> {
  const session = await TensorSession.open(model);
  return session.run(feeds).finally(() => session.release());
}

function assertClose(got: Tensors, wanted: Tensors): void {
  assert.deepEqual(Object.keys(got).sort(), Object.keys(wanted).sort());
  for (const [name, tensor] of Object.entries(wanted)) {
    assert.equal(formatType(got[name]!), formatType(tensor), name);
    const numbers = Array.from<unknown, number>(got[name]!.data, Number);
    const worst = Array.from<unknown, number>(tensor.data, Number).reduce((most, each, i) => {
      const difference = Math.abs(each - numbers[i]!) / Math.max(1, Math.abs(each));
      // What is no number differs from everything.
      return difference <= most ? most : difference;
    }, 0);
    assert.ok(worst <= tolerance, `${name}: differs by ${worst}, at most ${tolerance} was expected`);
  }
}

function rowOf({ dtype, shape: [rows, ...rest], data }: Tensor, row: number): Tensor {
  const width = data.length / rows!;
  return { dtype, shape: [1, ...rest], data: data.slice(row * width, (row + 1) * width) } as Tensor;
}

function pick(tensors: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(names.map((name) => [name, tensors[name]!]));
}

function mapped(tensors: Tensors, each: (tensor: Tensor) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, each(tensor)]));
}
