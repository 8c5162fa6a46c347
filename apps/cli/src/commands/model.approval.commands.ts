import type { Command } from 'commander';

import { addCommand, optionsOf, withGateway, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf, type CliContext } from '../cli.context.ts';
import { decidePromotion } from '../gateway/run.queries.ts';
import { runDetails } from '../output/run.text.ts';

interface DecisionOptions extends CommonOptions {
  readonly reason: string;
}

/** Commands below `models` that answer a run which waits for an approval. */
export function addApprovals(models: Command, context: CliContext): void {
  const decisions = [
    ['approve', 'let a waiting run promote what it trained'],
    ['reject', 'have a waiting run complete without promoting'],
  ] as const;
  for (const [decision, summary] of decisions) {
    withGateway(
      addCommand(models, {
        usage: `${decision} <run>`,
        summary,
        description: `Answers a run that waits for an approval: ${summary}. It is answered once.`,
        examples: [[`models ${decision} train/packaging-damage/0123456789abcdef --reason "seen by the team"`, summary]],
      }),
    )
      .requiredOption('--reason <text>', 'why; kept in the audit trail')
      .action(async (id: string, _: DecisionOptions, command: Command) => {
        const options = optionsOf(command) as DecisionOptions;
        const run = await decidePromotion(gatewayOf(context, options), id, decision, options.reason);
        outputOf(context, options).result(run, runDetails);
      });
  }
}
