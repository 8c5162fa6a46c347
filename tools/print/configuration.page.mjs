import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeConfig } from '@haat/platform';
import { code, printedFrom, table } from './markdown.mjs';

/** `docs/configuration.md`: the environment of every app that declares one in `src/config.ts`. */
export async function configurationPage(root) {
  const sections = [];
  for (const app of readdirSync(join(root, 'apps')).sort()) {
    if (!existsSync(join(root, 'apps', app, 'src', 'config.ts'))) continue;
    const { configSchema } = await import(pathToFileURL(join(root, 'apps', app, 'dist', 'config.js')).href);
    const rows = describeConfig(configSchema).map((variable) => [
      code(variable.name),
      variable.required ? '**must be set**' : code(variable.default ?? ''),
      code(variable.accepts),
      `${variable.description}${variable.secret ? ' Secret: never logged.' : ''}`,
    ]);
    sections.push(`## apps/${app}\n\n${table(['Variable', 'Default', 'Accepts', 'Meaning'], rows)}`);
  }
  return [
    printedFrom('`apps/*/src/config.ts`'),
    '# Configuration',
    'Every app reads its configuration from the environment, once, when it starts. A missing or wrong variable stops the start with one ' +
      'line that names it. `npx haat up` sets those that must be set, and what a machine of one developer needs; it hands on what its own ' +
      'environment says of the others. Elsewhere the deployment sets them.',
    ...sections,
  ].join('\n\n');
}
