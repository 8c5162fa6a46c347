import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import prettier from 'prettier';
import { configurationPage } from './configuration.page.mjs';
import { decisionsPage } from './decisions.page.mjs';
import { errorsPage } from './errors.page.mjs';
import { modelPages } from './model.page.mjs';
import { kernelCodePaths, kernelCodes } from './kernel.code.mjs';
import { metricsPage } from './metrics.page.mjs';
import { viewPages } from './view.page.mjs';
import { wallsPage } from './walls.page.mjs';

const list = (folder) => (existsSync(folder) ? readdirSync(folder).sort() : []);

/** Apps that print a schema of their own by `dist/print.main.js`; the gateway last, because it composes what the others print. */
function printingApps(root) {
  const apps = list(join(root, 'apps')).filter((app) => existsSync(join(root, 'apps', app, 'src', 'print.main.ts')));
  return [...apps.filter((app) => app !== 'gateway'), ...apps.filter((app) => app === 'gateway')];
}

const schemaOf = (app) => `apps/${app}/${app === 'gateway' ? 'supergraph' : 'schema'}.graphql`;

/** Paths of what stands printed now. */
function standing(root) {
  return [
    ...['adr/README', 'configuration', 'errors', 'runbooks/metrics', 'walls'].map((name) => `docs/${name}.md`),
    ...['features', 'models'].flatMap((folder) =>
      list(join(root, 'docs', folder)).map((name) => `docs/${folder}/${name}`),
    ),
    ...printingApps(root).map(schemaOf),
    ...kernelCodePaths,
  ].filter((path) => existsSync(join(root, path)));
}

/** The printed pages as they stand: path from the root -> text. */
export async function readPages(root) {
  const entries = standing(root).map(async (path) => [path, await readFile(join(root, path), 'utf8')]);
  return new Map(await Promise.all(entries));
}

/** Prints every page over what stands and answers what is printed. */
export async function writePages(root) {
  const markdown = new Map([
    ['docs/configuration.md', await configurationPage(root)],
    ['docs/errors.md', await errorsPage(root)],
    ['docs/runbooks/metrics.md', await metricsPage(root)],
    ['docs/walls.md', wallsPage()],
    ['docs/adr/README.md', decisionsPage(root)],
    ...(await modelPages(root)),
    ...(await viewPages(root)),
  ]);
  const options = await prettier.resolveConfig(join(root, 'docs', 'errors.md'));
  const printed = new Map();
  for (const [path, text] of markdown)
    printed.set(path, await prettier.format(text, { ...options, parser: 'markdown' }));
  for (const [path, text] of await kernelCodes(root)) printed.set(path, text);
  for (const [path, text] of printed) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  for (const app of printingApps(root)) {
    await promisify(execFile)(process.execPath, [join(root, 'apps', app, 'dist', 'print.main.js')], { cwd: root });
    printed.set(schemaOf(app), await readFile(join(root, schemaOf(app)), 'utf8'));
  }
  return printed;
}

/** Puts back what stood before. */
export async function restorePages(root, before, paths) {
  for (const path of paths) {
    if (before.has(path)) await writeFile(join(root, path), before.get(path));
    else await rm(join(root, path));
  }
}
