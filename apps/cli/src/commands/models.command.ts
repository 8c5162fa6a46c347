import type { Command } from 'commander';

import { addCommand, optionsOf, withGateway, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf } from '../cli.context.ts';
import { modelsOf, promote, versionOf } from '../gateway/model.queries.ts';
import { modelsText, versionText } from '../output/model.text.ts';

export const addModels: AddCommand = (program, context) => {
  const models = withGateway(
    addCommand(program, {
      usage: 'models',
      summary: 'models, their versions, and which answers',
      description: 'Lists the models of the registry with their versions; shows one; promotes one.',
      examples: [
        ['models', 'all models and versions'],
        ['models show packaging/damage@2', 'one version: metrics, gates, lineage'],
        ['models promote packaging/damage@1', 'let this version answer from now on (also: roll back)'],
      ],
    }),
  ).action(async (options: CommonOptions) => {
    outputOf(context, options).result(await modelsOf(gatewayOf(context, options)), modelsText);
  });

  withGateway(
    addCommand(models, {
      usage: 'show <version>',
      summary: 'one version: metrics, gates, lineage',
      description: 'Shows a version by <model>@<version>, or the promoted one of <model>.',
      examples: [['models show packaging/damage', 'the promoted version']],
    }),
  ).action(async (id: string, _: CommonOptions, command: Command) => {
    const options = optionsOf(command);
    outputOf(context, options).result(await versionOf(gatewayOf(context, options), id), versionText);
  });

  withGateway(
    addCommand(models, {
      usage: 'promote <version>',
      summary: 'let a version answer from now on',
      description: 'Promotes a version that passed its gates; every app takes it up without a restart.',
      examples: [['models promote packaging/damage@1', 'go back to version 1']],
    }),
  ).action(async (id: string, _: CommonOptions, command: Command) => {
    const options = optionsOf(command);
    outputOf(context, options).result(await promote(gatewayOf(context, options), id), versionText);
  });
};
