import { Argument, type Command } from 'commander';

import { addCommand, optionsOf, withGateway, wholeNumber, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf, type CliContext } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import {
  collectGarbage,
  compare,
  datasetDigestOf,
  datasetOf,
  promote,
  rollback,
  setAlias,
  setArchived,
  shadowDays,
} from '../gateway/lifecycle.queries.ts';
import { comparisonText, datasetText, garbageText, shadowText } from '../output/lifecycle.text.ts';
import { versionText } from '../output/model.text.ts';

interface ChangeOptions extends CommonOptions {
  readonly reason?: string;
  readonly expect?: number;
  readonly to?: number;
  readonly undo?: boolean;
  readonly clear?: boolean;
}

interface GarbageOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly olderThan: number;
}

const MOST_VERSIONS = 1_000_000_000;
const reasoned = (command: Command) => command.option('--reason <text>', 'why; kept in the audit trail');
const expecting = (command: Command) =>
  reasoned(command).option(
    '--expect <version>',
    'refuse unless this version is the champion (0: none is)',
    wholeNumber(0, MOST_VERSIONS),
  );

/** Commands below `models` that change what a version stands for, or look at what became of it. */
export function addLifecycle(models: Command, context: CliContext): void {
  addChampions(models, context);
  addAsides(models, context);
  addLooks(models, context);
}

function addChampions(models: Command, context: CliContext): void {
  expecting(
    withGateway(
      addCommand(models, {
        usage: 'promote <version>',
        summary: 'let a version answer from now on',
        description: 'Promotes a version that passed its gates; every app takes it up without a restart.',
        examples: [['models promote packaging/damage@2 --reason "better on glass"', 'let version 2 answer']],
      }),
    ),
  ).action(async (id: string, _: ChangeOptions, command: Command) => {
    const options = optionsOf(command) as ChangeOptions;
    const said = { reason: options.reason, expectedChampion: options.expect };
    outputOf(context, options).result(await promote(gatewayOf(context, options), id, said), versionText);
  });

  expecting(
    withGateway(
      addCommand(models, {
        usage: 'rollback <model>',
        summary: 'let an earlier champion answer again',
        description: 'Goes back to the champion before this one, or to the earlier one that --to names.',
        examples: [
          ['models rollback packaging/damage --reason "too many returns"', 'to the champion before'],
          ['models rollback packaging/damage --to 1', 'to version 1'],
        ],
      }),
    ),
  )
    .option('--to <version>', 'an earlier champion', wholeNumber(1, MOST_VERSIONS))
    .action(async (model: string, _: ChangeOptions, command: Command) => {
      const options = optionsOf(command) as ChangeOptions;
      const said = { reason: options.reason, to: options.to, expectedChampion: options.expect };
      outputOf(context, options).result(await rollback(gatewayOf(context, options), model, said), versionText);
    });
}

function addAsides(models: Command, context: CliContext): void {
  reasoned(
    withGateway(
      addCommand(models, {
        usage: 'archive <version>',
        summary: 'put a version aside, or take it back',
        description: 'An archived version cannot be promoted, and its files may be collected after a time.',
        examples: [
          ['models archive packaging/damage@1', 'put it aside'],
          ['models archive packaging/damage@1 --undo', 'take it back'],
        ],
      }),
    ),
  )
    .option('--undo', 'take it back')
    .action(async (id: string, _: ChangeOptions, command: Command) => {
      const options = optionsOf(command) as ChangeOptions;
      const { reason, undo = false } = options;
      outputOf(context, options).result(
        await setArchived(gatewayOf(context, options), id, !undo, { reason }),
        versionText,
      );
    });

  reasoned(
    withGateway(
      addCommand(models, {
        usage: 'alias <model>',
        summary: 'set or clear the challenger or the shadow',
        description: 'A shadow answers too, off the request, and its differences are counted; a challenger is marked.',
        examples: [
          ['models alias packaging/damage shadow 3', 'let version 3 answer in the shadow'],
          ['models alias packaging/damage shadow --clear', 'none any more'],
        ],
      }),
    ),
  )
    .addArgument(new Argument('<alias>', 'what to stand for').choices(['challenger', 'shadow']))
    .addArgument(new Argument('[version]', 'number of the version').argParser(wholeNumber(1, MOST_VERSIONS)))
    .option('--clear', 'none holds it any more')
    .action(
      async (
        model: string,
        alias: 'challenger' | 'shadow',
        version: number | undefined,
        _: ChangeOptions,
        command: Command,
      ) => {
        const options = optionsOf(command) as ChangeOptions;
        if ((version === undefined) !== (options.clear ?? false)) {
          throw cliError('USAGE', 'models alias takes the number of a version, or --clear');
        }
        await setAlias(gatewayOf(context, options), model, alias, { version, reason: options.reason });
        outputOf(context, options).result({ model, alias, version: version ?? null }, (set) =>
          set.version === null ? `No version of ${model} is the ${alias}` : `${model}@${set.version} is the ${alias}`,
        );
      },
    );

  withGateway(
    addCommand(models, {
      usage: 'gc',
      summary: 'collect files that nobody needs any more',
      description:
        'Removes artifacts and snapshots of versions archived for long, and old orphans. What an alias, a version that is not archived, a kept prediction or a run in flight needs stays.',
      examples: [
        ['models gc --dry-run', 'what would go, and why the rest stays'],
        ['models gc --older-than 90', 'what is archived for 90 days'],
      ],
    }),
  )
    .option('--dry-run', 'remove nothing')
    .option('--older-than <days>', 'time that has to have passed', wholeNumber(1, 3650), 30)
    .action(async (_: GarbageOptions, command: Command) => {
      const options = optionsOf(command) as GarbageOptions;
      const { dryRun = false, olderThan } = options;
      outputOf(context, options).result(
        await collectGarbage(gatewayOf(context, options), dryRun, olderThan),
        garbageText,
      );
    });
}

function addLooks(models: Command, context: CliContext): void {
  withGateway(
    addCommand(models, {
      usage: 'compare <a> <b>',
      summary: 'two versions side by side',
      description: 'Metrics and which is better; options, columns, data, code and gates where they differ.',
      examples: [['models compare packaging/damage@1 packaging/damage@2', 'what is better, and what differs']],
    }),
  ).action(async (a: string, b: string, _: CommonOptions, command: Command) => {
    const options = optionsOf(command);
    outputOf(context, options).result(await compare(gatewayOf(context, options), a, b), comparisonText);
  });

  withGateway(
    addCommand(models, {
      usage: 'shadow <model>',
      summary: "how shadows' answers differed, by day",
      description: 'Rows that shadow and champion both answered, how many differ, and by how much.',
      examples: [['models shadow packaging/damage', 'the last two weeks']],
    }),
  ).action(async (model: string, _: CommonOptions, command: Command) => {
    const options = optionsOf(command);
    outputOf(context, options).result(await shadowDays(gatewayOf(context, options), model, 14), shadowText);
  });

  withGateway(
    addCommand(models, {
      usage: 'lineage <id>',
      summary: 'from a prediction or a snapshot to all that came of the data',
      description: 'Takes the id of a recorded prediction or the digest of a snapshot.',
      examples: [['models lineage 019b0000-0000-7000-8000-000000000000', 'which data that answer goes back to']],
    }),
  ).action(async (id: string, _: CommonOptions, command: Command) => {
    const options = optionsOf(command);
    const gateway = gatewayOf(context, options);
    const digest = /^[0-9a-f]{64}$/.test(id) ? id : await datasetDigestOf(gateway, id);
    const dataset = digest === null ? null : await datasetOf(gateway, digest);
    if (dataset === null) {
      throw cliError(
        'NO_LINEAGE',
        `"${id}" is neither a recorded prediction nor a snapshot that a version was trained on`,
        {
          id,
        },
      );
    }
    outputOf(context, options).result(dataset, datasetText);
  });
}
