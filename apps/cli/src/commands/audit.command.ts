import { addCommand, withGateway, wholeNumber, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf } from '../cli.context.ts';
import { auditOf } from '../gateway/audit.queries.ts';
import { table } from '../output/table.ts';

interface AuditOptions extends CommonOptions {
  readonly first: number;
  readonly subject?: string;
  readonly actor?: string;
}

export const addAudit: AddCommand = (program, context) => {
  withGateway(
    addCommand(program, {
      usage: 'audit',
      summary: 'who did what, why, and from where',
      description: 'Shows the audit trail, the newest entries first; nobody can change it.',
      examples: [
        ['audit', 'the newest entries'],
        ['audit --subject packaging/damage@2', 'what was done to one version'],
        ['audit --actor user:asha --json', 'what one person did, with all details'],
      ],
    }),
  )
    .option('--first <n>', 'how many', wholeNumber(1, 100), 20)
    .option('--subject <text>', 'only what was done to this')
    .option('--actor <text>', 'only what this one did')
    .action(async (options: AuditOptions) => {
      const { first, subject, actor } = options;
      const entries = await auditOf(gatewayOf(context, options), { first, subject, actor });
      outputOf(context, options).result(entries, (rows) =>
        table(rows, {
          at: ({ at }) => at,
          who: (entry) => entry.actor,
          from: ({ origin }) => origin,
          did: ({ action }) => action,
          to: (entry) => entry.subject,
          why: ({ reason }) => reason,
        }),
      );
    });
};
