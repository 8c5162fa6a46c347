import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printedFrom } from './markdown.mjs';

/** `docs/adr/README.md`: the decisions by number, with their titles. */
export function decisionsPage(root) {
  const folder = join(root, 'docs', 'adr');
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .sort();
  const lines = files.map((name) => {
    const [heading] = readFileSync(join(folder, name), 'utf8').split('\n');
    const title = /^# (?:ADR )?(?:\d+[.:]?\s+)?(?:[—–-]\s+)?(.+)$/.exec(heading)?.[1];
    if (!title) throw new Error(`docs/adr/${name}: the first line is no heading`);
    return `- [${name.slice(0, 4)}](${name}) ${title}`;
  });
  return [
    printedFrom('the headings in `docs/adr`'),
    '# Decisions',
    'Each says what stood before us, what we do, and what follows from it; a later one may take an earlier one back. Numbers go by area: ' +
      '1 workspace, 10 runtime and ONNX, 20 models and training, 30 simulation, planning and measuring, 40 data, 50 services, 60 workflows, ' +
      "70 command line and developer's machine, 80 graphs that train, 100 risk.",
    lines.join('\n'),
  ].join('\n\n');
}
