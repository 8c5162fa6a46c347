import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { code, printedFrom, table } from './markdown.mjs';

/** `docs/features/<domain>-<view>.md` of every feature view that `libs/<domain>/src/contract/*.views.ts` declares. */
export async function viewPages(root) {
  const pages = [];
  for (const file of globSync('libs/*/src/contract/*.views.ts', { cwd: root }).sort()) {
    const built = join(root, file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
    const declared = Object.values(await import(pathToFileURL(built).href)).filter((value) => value?.facts);
    for (const view of declared) pages.push([`docs/features/${view.name.replace('/', '-')}.md`, page(view, file)]);
  }
  return pages;
}

const readings = {
  latest: 'Of the rows up to a moment the one with the latest event time holds.',
  total: 'The rows up to a moment are summed.',
};

function page({ name, title, doc, table: rows, key, eventTime, reading, facts, freshDays }, file) {
  return [
    printedFrom(code(file)),
    `# ${title}`,
    `${code(name)}, kept in ${code(rows)}. ${doc}`,
    `- Key: ${key.map(code).join(', ')}`,
    `- Event time: ${code(eventTime.column)} (${eventTime.type})`,
    `- ${readings[reading]} Of two rows with the same key and event time the later revision corrects the other.`,
    `- Facts older than ${freshDays} days are stale: they are used, and it is said.`,
    table(
      ['Fact', 'Type', 'Unit', 'Meaning'],
      Object.entries(facts).map(([fact, spec]) => [code(fact), spec.type, code(spec.unit), spec.doc]),
    ),
  ].join('\n\n');
}
