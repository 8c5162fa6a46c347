import { addCommand, wholeNumber, withGateway, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf } from '../cli.context.ts';
import { watchedRun } from '../follow/followed.run.ts';
import { startSkew } from '../gateway/monitoring.queries.ts';

interface SkewCommandOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly rows?: number;
  readonly seed?: number;
  readonly key?: string;
}

export const addSkew: AddCommand = (program, context) => {
  withGateway(
    addCommand(program, {
      usage: 'skew <model>',
      summary: 'check that what was served comes out of the stored facts',
      description:
        'Recomputes a seeded sample of recorded predictions, or of inferences that are kept, from the facts as they were known then, and shows by value the share that comes out otherwise. An inference takes what it took. It must be 0: the run fails where it is not, and names the feature with examples.',
      examples: [
        ['skew packaging/damage', 'the last 24 hours'],
        ['skew risk/transmission --rows 1', 'replay one inference'],
        ['skew packaging/damage --from 2026-03-01 --to 2026-03-08 --rows 20000', 'a week'],
      ],
    }),
  )
    .option('--from <time>', 'answers kept from then on, ISO 8601 (default: 24 hours before --to)')
    .option('--to <time>', 'answers kept before then, ISO 8601 (default: now)')
    .option('--rows <n>', 'how many to recompute (default: 2000)', wholeNumber(1, 100_000))
    .option('--seed <n>', 'which sample is drawn (default: 1)', wholeNumber(0, 2 ** 31 - 1))
    .option('--key <text>', 'says that a repeat is wanted')
    .action(async (model: string, options: SkewCommandOptions) => {
      const { from, to, rows, seed, key } = options;
      const id = await startSkew(gatewayOf(context, options), { model, from, to, rows, seed, idempotencyKey: key });
      await watchedRun(context, options, id);
    });
};
