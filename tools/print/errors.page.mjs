import { errorTables } from './error.tables.mjs';
import { code, printedFrom, table } from './markdown.mjs';

const acts = { caller: 'the caller', retry: 'nobody: try again', fault: 'we' };

/** `docs/errors.md`: every code of every error table. A code without an explanation, or one that two tables hold, is refused. */
export async function errorsPage(root) {
  const tables = await errorTables(root);
  const owner = new Map();
  for (const { file, errors } of tables) {
    for (const { code: name, doc } of errors) {
      if (doc === '') throw new Error(`${file}: ${name} has no comment that says what it means`);
      if (owner.has(name)) throw new Error(`${name} stands in ${owner.get(name)} and in ${file}: a code has one table`);
      owner.set(name, file);
    }
  }
  return [
    printedFrom('the error tables (`*.errors.ts`)'),
    '# Errors',
    'An expected failure is a `DomainError` with a code. GraphQL answers carry it in `extensions.code`, Temporal failures as their ' +
      'type (retried only where "try again" stands), the command line in its text or JSON; see ' +
      '[the architecture](architecture.md#errors). The message names the thing, the place, what was expected and what came.',
    ...tables.map(({ file, doc, errors }) => {
      const rows = errors.map((error) => [code(error.code), acts[error.blame], error.doc]);
      const meaning = doc.replace(/\s*Printed to `docs\/errors\.md`\./, '');
      return `## ${file.replace(/^(libs|apps)\/([^/]+)\/.*\/([^/]+)\.errors\.ts$/, '$1/$2: $3')}\n\n${meaning}\n\n${table(['Code', 'Who acts', 'Meaning'], rows)}`;
    }),
  ].join('\n\n');
}
