import { basename } from 'node:path';

import { contentStore, digestOfFile, folderFiles, type StoredContent } from '@haat/data-access';
import { domainOf, type Domain } from '@haat/kit';

import { addCommand, wholeNumber, type AddCommand } from '../cli.command.ts';
import { homeOf, outputOf } from '../cli.context.ts';
import { domainTools, requireModel } from '../domains/domain.table.ts';
import { exitStatus } from '../exit.status.ts';
import { followedRun, withRun, type RunOptions } from '../follow/followed.run.ts';
import type { GatewayClient } from '../gateway/gateway.client.ts';
import { plannedIngestion, startIngestion, type Run } from '../gateway/run.queries.ts';
import { runDetails } from '../output/run.text.ts';
import { artifactsUrl } from '../stack/stack.artifacts.ts';
import { addValue, calendarDay } from './command.values.ts';

interface IngestOptions extends RunOptions {
  readonly day?: string;
  readonly seed?: number;
  readonly chains?: number;
  readonly option?: Readonly<Record<string, unknown>>;
}

export const addIngestDay: AddCommand = (program, context) => {
  withRun(
    addCommand(program, {
      usage: 'ingest-day <model> <dir>',
      summary: 'import a day and infer what it changes, through Temporal',
      description:
        'Asks whether the files of a folder (those that import reads) may be taken in, puts them into the store of artifacts, and starts a run that imports them, moves the window with the day, folds the days that leave it into what is known of its first day, and goes on from the inference before. In a window that stays, only those whom new rows concern, and those near them, are inferred anew. Rows of days before the window are kept and counted, and change nothing that is inferred. The same files of the same day are taken in once, as long as no other rows come. Exit code 3: some rows were refused.',
      examples: [
        ['ingest-day risk/transmission today', 'the files of today, and watch'],
        ['ingest-day risk/transmission late --day 2026-03-30', 'what came late for a day that is over'],
      ],
    }),
  )
    .option('--day <day>', 'the day that the files are of, YYYY-MM-DD (default: today, UTC)', calendarDay)
    .option('--seed <n>', 'seed of all randomness (default: 1)', wholeNumber(0))
    .option('--chains <n>', 'independent chains (default: 4)', wholeNumber(1, 64))
    .option('--option <name=value>', "option of the model's inference, more than once", addValue)
    .action(async (model: string, dir: string, options: IngestOptions) => {
      const { day, seed, chains, option, key } = options;
      requireModel(model);
      const { folder } = await domainTools[domainOf(model) as Domain].imports();
      const found = await folderFiles(dir, folder, {});
      const today = new Date().toISOString().slice(0, 10);
      const wish = { model, day: day ?? today, options: option, seed, chains, idempotencyKey: key };
      const named = async (digested: (file: string) => Promise<StoredContent>) => {
        const files = [];
        for (const file of found.values()) files.push({ name: basename(file), digest: (await digested(file)).digest });
        return files;
      };
      const start = async (gateway: GatewayClient) => {
        // Nothing is stored of a day that is refused.
        await plannedIngestion(gateway, { ...wish, files: await named(digestOfFile) });
        const store = contentStore(artifactsUrl(homeOf(context, options), context.env));
        return startIngestion(gateway, { ...wish, files: await named((file) => store.putFile(file)) });
      };
      await followedRun(context, options, start, {
        title: `ingest ${model}`,
        tell(run) {
          if (refused(run) > 0) context.exit = exitStatus.someBadRows;
          outputOf(context, options).result(run, runDetails);
        },
      });
    });
};

/** Rows of the files that were not as they should be. */
function refused({ metrics }: Run): number {
  return metrics?.find(({ name }) => name === 'rejected_rows')?.value ?? 0;
}
