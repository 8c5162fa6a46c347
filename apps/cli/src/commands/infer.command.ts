import { HAAT } from '@haat/kit';

import { addCommand, withGateway, wholeNumber, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf } from '../cli.context.ts';
import { completed, startInference } from '../gateway/run.queries.ts';
import { watchRun } from '../gateway/run.watch.ts';
import { runDetails, runText } from '../output/run.text.ts';
import { addValue } from './command.values.ts';

interface InferOptions extends CommonOptions {
  readonly seed?: number;
  readonly chains?: number;
  readonly asOf?: string;
  readonly option?: Readonly<Record<string, unknown>>;
  readonly wait: boolean;
  readonly key?: string;
}

export const addInfer: AddCommand = (program, context) => {
  withGateway(
    addCommand(program, {
      usage: 'infer <model>',
      summary: 'infer by a sampler, through Temporal',
      description:
        'Runs the promoted version of a sampler over everything observed, its chains spread over the workers, and keeps what comes out. The same seed gives the same answer, however many workers there are; a chain that is interrupted goes on where it was. The same model, options and data run once.',
      examples: [
        ['infer risk/transmission', 'of the days up to now, and watch'],
        ['infer risk/transmission --option days=14 --chains 8', 'a shorter window, more chains'],
      ],
    }),
  )
    .option('--seed <n>', 'seed of all randomness (default: 1)', wholeNumber(0))
    .option('--chains <n>', 'independent chains (default: 4)', wholeNumber(1, 64))
    .option('--as-of <time>', 'bound of event time, ISO 8601 (default: now)')
    .option('--option <name=value>', "option of the model's inference, more than once", addValue)
    .option('--no-wait', 'start the run and return')
    .option('--key <text>', 'says that a repeat of an identical run is wanted')
    .action(async (model: string, { seed, chains, asOf, option, wait, key, ...options }: InferOptions) => {
      const output = outputOf(context, options);
      const gateway = gatewayOf(context, options);
      const started = await startInference(gateway, {
        model,
        ...(option && { options: option }),
        ...(seed !== undefined && { seed }),
        ...(chains !== undefined && { chains }),
        ...(asOf !== undefined && { asOf }),
        ...(key !== undefined && { idempotencyKey: key }),
      });
      const said = `Run ${started.id}. Watch it with: ${HAAT} runs watch ${started.id}`;
      if (!wait) return output.result(started, () => said);
      output.note(said);
      const progress = output.progress(`infer ${model}`);
      const run = await watchRun(gateway, started.id, (look) =>
        progress.update(look.progress?.fraction ?? null, runText(look)),
      );
      progress.done(run.state);
      output.result(completed(run), runDetails);
    });
};
