import { availableParallelism } from 'node:os';

import { HAAT } from '@haat/kit';
import type { TopLevelSpec } from 'vega-lite';

import { addCommand, withLocal, wholeNumber, type AddCommand } from '../cli.command.ts';
import { outputOf } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { modelTools } from '../domains/domain.table.ts';
import type { PolicyReport } from '../domains/domain.tools.ts';
import { followedRun, withRun, type RunOptions } from '../follow/followed.run.ts';
import { startSimulation } from '../gateway/run.queries.ts';
import { writeNamed } from '../local/named.files.ts';
import { drawn } from '../output/drawing.ts';
import { policyText } from '../output/policy.text.ts';
import { addValue } from './command.values.ts';

interface PolicyCommandOptions extends RunOptions {
  readonly local?: boolean;
  readonly parameters?: string;
  readonly outcomes?: string;
  readonly seed?: number;
  readonly seeds?: number;
  readonly option?: Readonly<Record<string, unknown>>;
  readonly svg?: string;
}

export const addSimulatePolicy: AddCommand = (program, context) => {
  const command = withRun(
    addCommand(program, {
      usage: 'simulate-policy <model>',
      summary: 'what tests and quarantine would come to, in simulated outbreaks',
      description:
        'Lets policies meet the same outbreaks, seed by seed: how many are infected, and how many days persons are kept apart, with intervals, and the differences from the policy that is named first. Without --local it is a run of the platform under the parameters of the promoted version, its seeds spread over the workers; the same request runs once. The option policies is a list in JSON, told in its order.',
      examples: [
        ['simulate-policy risk/transmission', 'the policies that stand in the model, on ten seeds'],
        [
          'simulate-policy risk/transmission --option capacity=20 --seeds 50 --svg p.svg',
          'more tests a day, as a drawing',
        ],
        [
          `simulate-policy risk/transmission --local --option 'policies=[{"name":"none","kind":"none"},{"name":"trace","kind":"tracing","quarantineDays":7,"lookBack":5,"depth":2}]'`,
          'two policies, with nothing running',
        ],
      ],
    }),
  );
  withLocal(command, 'simulate here, with nothing running', [
    ['--parameters <file>', 'JSON with the parameters of transmission (default: those of the model)'],
    ['--outcomes <file>', 'keep what comes of each run in this file, and go on from what it holds'],
  ])
    .option('--seed <n>', 'seed of the first outbreak (default: 1)', wholeNumber(0))
    .option(
      '--seeds <n>',
      'outbreaks that every policy meets, 2000 with all policies at the most (default: 10)',
      wholeNumber(1, 500),
    )
    .option(
      '--option <name=value>',
      `option of the simulation, more than once (${HAAT} schema MODEL lists them)`,
      addValue,
    )
    .option('--svg <file>', 'draw infected against days apart to this file')
    .action(async (model: string, options: PolicyCommandOptions) => {
      const { local, seed, seeds, option, svg, key } = options;
      const { policies: tools } = await modelTools(model);
      if (tools === undefined) throw cliError('USAGE', `${model} has no worlds in which policies could be tried`);
      const output = outputOf(context, options);
      const told = async (report: PolicyReport) => {
        if (svg !== undefined) await writeNamed('drawing', svg, await drawn(tools.chart(report) as TopLevelSpec));
        output.result(report, policyText);
      };
      if (local) {
        const { parameters, outcomes } = options;
        const threads = availableParallelism();
        const progress = output.progress('policies');
        const report = await tools.simulate(
          { parameters, outcomes, threads, option: option ?? {}, seed: seed ?? 1, seeds: seeds ?? 10 },
          (fraction, message) => progress.update(fraction, message),
        );
        progress.done();
        return told(report);
      }
      const request = { model, options: option, seed, seeds, idempotencyKey: key };
      await followedRun(context, options, (gateway) => startSimulation(gateway, request), {
        title: 'policies',
        tell: async ({ id }, gateway) => told(await tools.ask(gateway, id)),
      });
    });
};
