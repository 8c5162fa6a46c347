import { HAAT } from '@haat/kit';
import type { ModelSummary, ServingInstance, Version } from '../gateway/model.queries.ts';
import { figure, gatesText } from './evaluation.text.ts';
import { servesOther, servingLines } from './serving.text.ts';
import { pairs, table } from './table.ts';

export function modelsText(models: readonly ModelSummary[]): string {
  if (models.length === 0) return 'The registry knows no model yet: the worker registers them when it starts.';
  return models
    .map(({ name, title, owner, champion, serving, versions }) =>
      [
        `${name}  ${title} (${owner})`,
        versions.length === 0
          ? `  no version yet; train one with: ${HAAT} train ${name}`
          : table(versions, {
              version: ({ id }) => id,
              'stands for': ({ aliases, archivedAt }) =>
                aliases.join(', ') || (archivedAt === null ? null : 'archived'),
              gates: ({ gatesPassed }) => (gatesPassed ? 'passed' : 'NOT PASSED'),
              made: ({ createdAt }) => createdAt,
              digest: ({ digest }) => digest.slice(0, 12),
            }),
        ...(servesOther(champion, serving) ? servingLines(champion, serving) : []),
      ].join('\n'),
    )
    .join('\n\n');
}

/** `serving`: what the running apps answer with, where it was asked. */
export function versionText(version: Version & { readonly serving?: readonly ServingInstance[] }): string {
  const { id, digest, createdAt, archivedAt, aliases, metrics, gates, lineage, serving = [] } = version;
  const answering = serving.filter((app) => app.version?.id === id).length;
  const refusal = serving.find(({ refused }) => refused?.version?.id === id)?.refused;
  const facts = pairs({
    version: id,
    ...(aliases.length > 0 && { 'stands for': aliases.join(', ') }),
    ...(serving.length > 0 && {
      answers: `in ${answering} of ${serving.length} running apps`,
    }),
    ...(refusal && { refused: `${refusal.code}: ${refusal.reason}` }),
    digest,
    made: createdAt,
    ...(archivedAt !== null && { archived: archivedAt }),
    run: lineage.runId,
    data: `${lineage.datasetRows} rows as of ${lineage.asOf} (${lineage.datasetDigest.slice(0, 12)})`,
  });
  const measured = pairs(Object.fromEntries(metrics.map(({ name, value }) => [name, figure(value)])));
  return [facts, measured, gatesText(gates)].join('\n\n');
}
