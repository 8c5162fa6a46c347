import { applications, keepers, packages, rooms } from '../eslint/walls.mjs';
import { code, printedFrom, table } from './markdown.mjs';

const list = (names) => names.map(code).join(', ') || 'nothing';
const where = { any: 'anywhere', sandbox: 'in the workflow sandbox', node: 'on Node' };

/** `docs/walls.md`: who may import what, from the table that lint enforces. */
export function wallsPage() {
  const types = { ...packages, ...applications };
  return [
    printedFrom('`tools/eslint/walls.mjs`'),
    '# The walls',
    'Each is a lint error; `tools/eslint/walls.int.spec.ts` plants a forbidden import of every kind and sees it refused. A type counts as ' +
      'much as a value. See [the architecture](architecture.md) for the reasons.',
    '## Packages',
    'By the `type:` tag of a package. No package imports an app, no domain another domain; packages of one domain (`scope:`) are for ' +
      'its own app and for what joins all domains (worker, command line, tools, end-to-end tests).',
    table(
      ['Package', 'Runs', 'May import'],
      Object.entries(types).map(([name, { ground, uses }]) => [code(name), where[ground], list(uses)]),
    ),
    '## Rooms of a domain package',
    'Another room is entered by its `index.ts`. Outside the rooms a domain package holds no file.',
    table(
      ['Room', 'Runs', 'Rooms', 'Packages', 'From npm'],
      Object.entries(rooms).map(([name, room]) => [
        code(name),
        where[room.ground],
        list(room.rooms),
        list(room.packages),
        list(room.externals),
      ]),
    ),
    'Code that runs anywhere has no Node, no clock and no chance: it gets them as arguments.',
    '## Keepers',
    table(
      ['npm package', 'Imported only by'],
      Object.entries(keepers).map(([name, who]) => [code(name), list(who)]),
    ),
  ].join('\n\n');
}
