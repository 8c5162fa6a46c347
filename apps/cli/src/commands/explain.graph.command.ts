import { probeKernels } from '@haat/model-runtime';
import { adamW, explainTrainingStep, type Kernels } from '@haat/onnx';
import { Option } from 'commander';

import { addCommand, wholeNumber, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { outputOf } from '../cli.context.ts';
import { networkOf } from '../local/network.module.ts';
import { graphText, type ExplainedGraph } from '../output/graph.text.ts';

interface ExplainOptions extends CommonOptions {
  readonly network?: string;
  readonly rows: number;
  readonly kernels: 'found' | 'standard' | '8' | '16';
  readonly all?: boolean;
}

export const addExplainGraph: AddCommand = (program, context) => {
  addCommand(program, {
    usage: 'explain-graph <module>',
    summary: 'how the training step of a network is computed, operator by operator',
    description:
      'Loads a module that exports a network (defineNetwork), builds its training step with AdamW, and prints for each operator its shapes, its part of the floating-point operations, the form that it was given, and why not the faster ones before it: a kernel that this machine does not have, or a shape that does not suit. Nothing is trained, and what serves is not concerned: that is written in the portable form always.',
    examples: [
      ['explain-graph tools/bench/train/separable.network.mjs', 'on this machine, 32 rows a step'],
      ['explain-graph my.network.ts --rows 128 --kernels standard', 'as on a machine without blocked layout'],
      ['explain-graph my.network.ts --network shapes --all --json', 'one of several networks, every operator'],
    ],
  })
    .option('--network <export>', 'name of the export, where the module exports several networks')
    .option('--rows <n>', 'rows of a batch', wholeNumber(1, 1_000_000), 32)
    .addOption(
      new Option('--kernels <kernels>', 'what to choose by: found on this machine, or as if it had these (block sizes)')
        .choices(['found', 'standard', '8', '16'])
        .default('found'),
    )
    .option('--all', 'show operators too that count little and have no other form')
    .action(async (module: string, options: ExplainOptions) => {
      const network = await networkOf(module, options.network);
      const kernels = await kernelsOf(options.kernels);
      const sizes = Object.fromEntries(symbolsOf(network.inputs).map((symbol) => [symbol, options.rows]));
      const explained = explainTrainingStep(network, adamW(1e-3), { target: kernels, sizes, update: 'kernel' });
      const graph: ExplainedGraph = { network: network.name, rows: options.rows, ...kernels, ...explained };
      outputOf(context, options).result(graph, graphText(options.all ?? false));
    });
};

function kernelsOf(asked: ExplainOptions['kernels']): Kernels | Promise<Kernels> {
  if (asked === 'found') return probeKernels();
  return { block: asked === 'standard' ? 0 : Number(asked) };
}

/** Sizes that the batch decides. */
function symbolsOf(inputs: readonly { readonly shape: readonly (number | string)[] }[]): string[] {
  return inputs.flatMap(({ shape }) => shape.filter((size) => typeof size === 'string'));
}
