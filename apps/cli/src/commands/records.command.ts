import { HAAT } from '@haat/kit';
import type { Command } from 'commander';

import { addCommand, optionsOf, withGateway, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf } from '../cli.context.ts';
import { collectRecords, type RetentionReport } from '../gateway/record.queries.ts';
import { table } from '../output/table.ts';

export const addRecords: AddCommand = (program, context) => {
  const records = addCommand(program, {
    usage: 'records',
    summary: 'what is kept of answers and backfills: gc',
    description: 'Works on recorded predictions and on what the rows of backfills were before.',
    examples: [['records gc --dry-run', 'what would go, and why the rest stays']],
  });
  withGateway(
    addCommand(records, {
      usage: 'gc',
      summary: 'collect predictions and before-images whose time is over',
      description:
        'Removes days of predictions that are older than PREDICTION_RETENTION_DAYS, and before-images of backfills that ended longer ago than UNDO_RETENTION_DAYS. What an undo or a check in flight needs stays, and predictions that kept before-images name.',
      examples: [
        ['records gc --dry-run', 'what would go, and why the rest stays'],
        ['records gc', 'do it'],
      ],
    }),
  )
    .option('--dry-run', 'remove nothing')
    .action(async (_: CommonOptions, command: Command) => {
      const options = optionsOf(command) as CommonOptions & { readonly dryRun?: boolean };
      const report = await collectRecords(gatewayOf(context, options), options.dryRun ?? false);
      outputOf(context, options).result(report, recordsText);
    });
};

function recordsText({ dryRun, predictionDays, undoDays, collected, kept }: RetentionReport): string {
  const list = (judged: RetentionReport['kept']) =>
    table(judged, {
      records: ({ id }) => id,
      bytes: ({ bytes }) => bytes,
      rows: ({ rows }) => rows,
      why: ({ why }) => why,
    });
  return [
    `Predictions are kept for ${predictionDays} days; a backfill can be undone for ${undoDays} days`,
    '',
    `${dryRun ? 'Would collect' : 'Collected'} ${collected.length}`,
    ...(collected.length > 0 ? [list(collected)] : []),
    '',
    `${dryRun ? 'Would keep' : 'Kept'} ${kept.length}`,
    ...(kept.length > 0 ? [list(kept)] : []),
    ...(dryRun && collected.length > 0 ? ['', `Nothing was removed. Do it with: ${HAAT} records gc`] : []),
  ].join('\n');
}
