import type { Command } from 'commander';

import { addCommand, optionsOf, withGateway, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf } from '../cli.context.ts';
import { modelsOf, servingOf, versionOf } from '../gateway/model.queries.ts';
import { modelsText, versionText } from '../output/model.text.ts';
import { addApprovals } from './model.approval.commands.ts';
import { addLifecycle } from './model.lifecycle.commands.ts';

export const addModels: AddCommand = (program, context) => {
  const list = async (options: CommonOptions) => {
    outputOf(context, options).result(await modelsOf(gatewayOf(context, options)), modelsText);
  };
  const models = withGateway(
    addCommand(program, {
      usage: 'models',
      summary: 'models, their versions, and which answers',
      description: 'Lists the models of the registry with their versions; what a version stands for is changed below.',
      examples: [
        ['models', 'all models and versions'],
        ['models show packaging/damage@2', 'one version: metrics, gates, lineage'],
        ['models promote packaging/damage@2', 'let this version answer from now on'],
        ['models rollback packaging/damage', 'let the champion before answer again'],
        ['models approve train/packaging-damage/0123456789abcdef --reason seen', 'let a waiting run promote'],
      ],
    }),
  ).action((options: CommonOptions) => list(options));

  withGateway(
    addCommand(models, {
      usage: 'list',
      summary: 'all models and versions',
      description: 'Lists the models of the registry with their versions.',
      examples: [['models list --json', 'as one JSON document']],
    }),
  ).action((_: CommonOptions, command: Command) => list(optionsOf(command)));

  withGateway(
    addCommand(models, {
      usage: 'show <version>',
      summary: 'one version: metrics, gates, lineage',
      description: 'Shows a version by <model>@<version>, or the promoted one of <model>.',
      examples: [['models show packaging/damage', 'the promoted version']],
    }),
  ).action(async (id: string, _: CommonOptions, command: Command) => {
    const options = optionsOf(command);
    const gateway = gatewayOf(context, options);
    const version = await versionOf(gateway, id);
    const { serving } = await servingOf(gateway, version.id.split('@')[0]!);
    outputOf(context, options).result({ ...version, serving }, versionText);
  });

  addLifecycle(models, context);
  addApprovals(models, context);
};
