import { errorTables } from './error.tables.mjs';
import { code, printedFrom, table } from './markdown.mjs';

const acts = { caller: 'the caller', retry: 'nobody: try again', fault: 'we' };

/**
 * `docs/errors.md`: every code of every error table. Refused: a code without an explanation, and one that two tables explain or blame
 * differently (the command line repeats a code of a library that it does not load).
 */
export async function errorsPage(root) {
  const tables = await errorTables(root);
  const known = new Map();
  for (const { file, errors } of tables) {
    for (const { code: name, blame, doc } of errors) {
      if (doc === '') throw new Error(`${file}: ${name} has no comment that says what it means`);
      const other = known.get(name);
      if (other && (other.doc !== doc || other.blame !== blame)) {
        throw new Error(`${name} means one thing in ${other.file} and another in ${file}: a code has one meaning`);
      }
      known.set(name, { file, blame, doc });
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
