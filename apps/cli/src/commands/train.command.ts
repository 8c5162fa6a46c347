import { HAAT } from '@haat/kit';
import { Option } from 'commander';

import { addCommand, withLocal, wholeNumber, type AddCommand } from '../cli.command.ts';
import { outputOf, tellGates, tellRejects } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { followedRun, withRun, type RunOptions } from '../follow/followed.run.ts';
import { startTraining } from '../gateway/run.queries.ts';
import { trainFromFiles } from '../local/local.training.ts';
import { evaluationText, gatesText } from '../output/evaluation.text.ts';
import { addValue } from './command.values.ts';

interface TrainOptions extends RunOptions {
  readonly local?: boolean;
  readonly data?: string;
  readonly mapping?: string;
  readonly out?: string;
  readonly seed?: number;
  readonly asOf?: string;
  readonly option?: Readonly<Record<string, unknown>>;
  readonly promote: boolean;
  readonly approval?: boolean;
}

export const addTrain: AddCommand = (program, context) => {
  const command = withRun(
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
    .action(async (model: string, options: TrainOptions) => {
      const output = outputOf(context, options);
      if (options.local) {
        if (options.data === undefined || options.out === undefined) {
          throw cliError(
            'USAGE',
            'train --local needs the files to learn from and where the artifact goes: --data DIR --out ARTIFACT',
          );
        }
        const progress = output.progress(`train ${model}`);
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
      const { option, seed, asOf, promote, approval, key } = options;
      const request = { model, options: option, seed, asOf, promote, approval, idempotencyKey: key };
      await followedRun(context, options, (gateway) => startTraining(gateway, request), { title: `train ${model}` });
    });
};
