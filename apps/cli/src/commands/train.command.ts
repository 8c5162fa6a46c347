import { HAAT } from '@haat/kit';
import { Option } from 'commander';

import {
  addCommand,
  withGateway,
  withLocal,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from '../cli.command.ts';
import { gatewayOf, outputOf, tellGates, tellRejects } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { completed, hasEnded, startTraining, type Run } from '../gateway/run.queries.ts';
import { watchRun } from '../gateway/run.watch.ts';
import { trainFromFiles } from '../local/local.training.ts';
import { evaluationText, gatesText } from '../output/evaluation.text.ts';
import { runDetails, runText } from '../output/run.text.ts';
import { addValue } from './command.values.ts';

interface TrainOptions extends CommonOptions {
  readonly local?: boolean;
  readonly data?: string;
  readonly mapping?: string;
  readonly out?: string;
  readonly seed?: number;
  readonly asOf?: string;
  readonly option?: Readonly<Record<string, unknown>>;
  readonly promote: boolean;
  readonly approval?: boolean;
  readonly wait: boolean;
  readonly key?: string;
}

export const addTrain: AddCommand = (program, context) => {
  const command = withGateway(
    addCommand(program, {
      usage: 'train <model>',
      summary: 'train a model: through Temporal, or on files',
      description:
        'Snapshot, fit, evaluation on a part that is held out, gates, artifact. Without --local the run is a workflow of the platform, whose version is registered and, when all gates pass, promoted; the same model, options and data run once. With --local the same code trains on files and writes the artifact, also where a gate is not passed: the exit code 4 says so.',
      examples: [
        ['train packaging/damage', 'through Temporal, and watch'],
        ['train packaging/damage --option ridge=30 --no-promote', 'with an option of the model, without promotion'],
        ['train packaging/damage --local --data world --out damage.onnx', 'on files, with nothing running'],
      ],
    }),
  );
  withLocal(command, 'train on files, with nothing running', [
    ['--data <dir>', `folder with the files that the model learns from (${HAAT} schema MODEL names them)`],
    ['--mapping <file>', 'JSON that names the columns and units of the files'],
    ['--out <artifact>', 'file to write the artifact to'],
  ])
    .option('--seed <n>', 'seed of all randomness (default: 1)', wholeNumber(0))
    .option('--as-of <time>', 'bound of event time, ISO 8601 (default: now)')
    .option('--option <name=value>', `option of the model, more than once (${HAAT} schema MODEL lists them)`, addValue)
    .addOption(new Option('--no-promote', 'register the version without promoting it').conflicts('local'))
    .addOption(
      new Option('--approval', 'wait for an approval before promoting, also where the policy does not').conflicts(
        'local',
      ),
    )
    .addOption(new Option('--no-wait', 'start the run and return').conflicts('local'))
    .addOption(new Option('--key <text>', 'says that a repeat of an identical run is wanted').conflicts('local'))
    .action(async (model: string, options: TrainOptions) => {
      const output = outputOf(context, options);
      const progress = output.progress(`train ${model}`);
      if (options.local) {
        if (options.data === undefined || options.out === undefined) {
          throw cliError(
            'USAGE',
            'train --local needs the files to learn from and where the artifact goes: --data DIR --out ARTIFACT',
          );
        }
        const trained = await trainFromFiles(
          model,
          { ...options, data: options.data, out: options.out },
          ({ step, fraction, message }) => progress.update(fraction, `${step}: ${message}`),
        );
        progress.done();
        output.result(
          trained,
          () =>
            `${evaluationText(trained.evaluation)}\n\n${gatesText(trained.gates)}\n\nArtifact ${trained.artifact} (${trained.digest})`,
        );
        tellRejects(context, output, trained);
        return tellGates(context, output, trained.gates);
      }
      const gateway = gatewayOf(context, options);
      const request = {
        model,
        ...(options.option && { options: options.option }),
        ...(options.seed !== undefined && { seed: options.seed }),
        ...(options.asOf !== undefined && { asOf: options.asOf }),
        ...(options.key !== undefined && { idempotencyKey: options.key }),
        promote: options.promote,
        ...(options.approval && { approval: true }),
      };
      const started = await startTraining(gateway, request);
      if (!options.wait) return output.result(started, startedText);
      output.note(startedText(started));
      const run = await watchRun(gateway, started.id, (look) =>
        progress.update(look.progress?.fraction ?? null, runText(look)),
      );
      progress.done(run.state);
      output.result(completed(run), runDetails);
    });
};

function startedText(run: Run): string {
  const { id, state, version } = run;
  if (hasEnded(run)) {
    return `Run ${id} with this model, these options and these data has ended already (${state}${version ? `: ${version.id}` : ''}); nothing was trained anew. --key TEXT says that a repeat is wanted.`;
  }
  return `Run ${id}. Watch it with: ${HAAT} runs watch ${id}`;
}
