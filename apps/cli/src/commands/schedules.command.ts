import { Argument, Option, type Command } from 'commander';

import { addCommand, optionsOf, withGateway, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf } from '../cli.context.ts';
import {
  askOfSchedule,
  createSchedule,
  schedulesOf,
  type NewSchedule,
  type Schedule,
  type ScheduleDeed,
} from '../gateway/schedule.queries.ts';
import { pairs, table } from '../output/table.ts';
import { addValue } from './command.values.ts';

interface CreateOptions extends CommonOptions {
  readonly cron: string;
  readonly timeZone?: string;
  readonly overlap?: string;
  readonly option?: Readonly<Record<string, unknown>>;
}

/** What happens when a turn comes while the one before still runs: word of the command line -> the schema's. */
const overlaps = {
  skip: 'SKIP',
  buffer: 'BUFFER_ONE',
  'cancel-other': 'CANCEL_OTHER',
  'allow-all': 'ALLOW_ALL',
} as const;

const deeds: readonly (readonly [name: string, deed: ScheduleDeed, summary: string])[] = [
  ['pause', 'pauseSchedule', 'take no turn until it is resumed'],
  ['resume', 'resumeSchedule', 'take its turns again'],
  ['trigger', 'triggerSchedule', 'take a turn now'],
  ['delete', 'deleteSchedule', 'forget it; runs that it started go on'],
];

export const addSchedules: AddCommand = (program, context) => {
  const list = async (options: CommonOptions) => {
    outputOf(context, options).result(await schedulesOf(gatewayOf(context, options)), (rows) =>
      table(rows, {
        schedule: ({ name }) => name,
        does: ({ kind, model }) => `${kind} ${model}`,
        cron: ({ cron, timeZone }) => `${cron} (${timeZone})`,
        overlap: ({ overlap }) => overlap,
        next: ({ paused, nextAt }) => (paused ? 'paused' : nextAt),
        last: ({ lastAt }) => lastAt,
      }),
    );
  };
  const schedules = withGateway(
    addCommand(program, {
      usage: 'schedules',
      summary: 'runs on schedules: list, create, pause, resume, trigger, delete',
      description: 'Lists what is trained, inferred, backfilled and checked again and again, and changes it.',
      examples: [
        ['schedules', 'all of them'],
        ['schedules create nightly backfill packaging/damage --cron "0 2 * * *"', 'every night at two'],
        ['schedules pause nightly', 'no turn until it is resumed'],
      ],
    }),
  ).action(list);

  withGateway(
    addCommand(schedules, {
      usage: 'list',
      summary: 'all of them',
      description: 'Lists the schedules; the same as schedules alone.',
      examples: [['schedules list', 'all of them']],
    }),
  ).action((_: CommonOptions, command: Command) => list(optionsOf(command)));

  withGateway(
    addCommand(schedules, {
      usage: 'create',
      summary: 'train, infer, backfill or check again and again',
      description:
        'Trains, infers by or backfills a model whenever its turn comes, audits the skew of the 24 hours before it, or profiles the drift of the day (UTC) before it; each run has its own id and audit entry.',
      examples: [
        ['schedules create weekly train packaging/damage --cron "0 3 * * 0" --overlap skip', 'on Sundays at three'],
        ['schedules create morning infer risk/transmission --cron "0 5 * * *" --overlap skip', 'every morning at five'],
        ['schedules create audit skew packaging/damage --cron "30 6 * * *" --option rows=5000', 'every morning'],
        ['schedules create profile drift packaging/damage --cron "0 6 * * *"', 'the day (UTC) that is over'],
      ],
    }),
  )
    .argument('<name>', 'what the schedule is called from now on')
    .addArgument(new Argument('<kind>', 'what its runs do').choices(['train', 'backfill', 'skew', 'drift', 'infer']))
    .argument('<model>', 'domain/model')
    .requiredOption('--cron <fields>', 'minute, hour, day of month, month, day of week')
    .option('--time-zone <name>', 'of --cron (default: Asia/Kolkata)')
    .addOption(
      new Option('--overlap <policy>', 'a turn that comes while the one before runs (default: skip)').choices(
        Object.keys(overlaps),
      ),
    )
    .option('--option <name=value>', 'option of its runs, more than once', addValue)
    .action(async (name: string, kind: NewSchedule['kind'], model: string, _: CreateOptions, command: Command) => {
      const options = optionsOf(command) as CreateOptions;
      const { cron, timeZone, option } = options;
      const overlap = options.overlap && overlaps[options.overlap as keyof typeof overlaps];
      const wish = { name, kind, model, cron, timeZone, overlap, options: option };
      outputOf(context, options).result(await createSchedule(gatewayOf(context, options), wish), scheduleText);
    });

  for (const [verb, deed, summary] of deeds) {
    withGateway(
      addCommand(schedules, {
        usage: verb,
        summary,
        description: `Asks a schedule: ${summary}.`,
        examples: [[`schedules ${verb} nightly`, summary]],
      }),
    )
      .argument('<name>', 'the schedule')
      .action(async (name: string, _: CommonOptions, command: Command) => {
        const options = optionsOf(command);
        outputOf(context, options).result(await askOfSchedule(gatewayOf(context, options), deed, name), scheduleText);
      });
  }
};

function scheduleText({
  name,
  kind,
  model,
  options,
  cron,
  timeZone,
  overlap,
  paused,
  nextAt,
  lastAt,
}: Schedule): string {
  return pairs({
    schedule: name,
    does: `${kind} ${model}`,
    options: JSON.stringify(options),
    cron: `${cron} (${timeZone})`,
    overlap,
    next: paused ? 'paused' : (nextAt ?? 'none'),
    last: lastAt ?? 'none yet',
  });
}
