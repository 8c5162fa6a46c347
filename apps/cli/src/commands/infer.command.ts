import { addCommand, wholeNumber, type AddCommand } from '../cli.command.ts';
import { followedRun, withRun, type RunOptions } from '../follow/followed.run.ts';
import { startInference } from '../gateway/run.queries.ts';
import { addValue } from './command.values.ts';

interface InferOptions extends RunOptions {
  readonly seed?: number;
  readonly chains?: number;
  readonly asOf?: string;
  readonly option?: Readonly<Record<string, unknown>>;
}

export const addInfer: AddCommand = (program, context) => {
  withRun(
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
    .action(async (model: string, options: InferOptions) => {
      const { seed, chains, asOf, option, key } = options;
      const request = { model, options: option, seed, chains, asOf, idempotencyKey: key };
      await followedRun(context, options, (gateway) => startInference(gateway, request), { title: `infer ${model}` });
    });
};
