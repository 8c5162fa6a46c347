import { formatFiles, generateFiles, OverwriteStrategy, updateJson, workspaceRoot, type Tree } from '@nx/devkit';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeModel } from '../model/model.generator.ts';
import { fieldName } from '../names.ts';
import { addingElement, addingProperty, editSource, exportingAll, importing } from '../source.edit.ts';
import { nextMigration } from '../workspace.facts.ts';
import { domainPlaces, planDomain, type DomainOptions, type DomainPlan } from './domain.plan.ts';

/** A domain with a first model, in every place where a domain is named. */
export default async function domainGenerator(tree: Tree, options: DomainOptions): Promise<() => void> {
  const { d } = writeDomain(tree, options);
  await formatFiles(tree);
  return () => linkPackages(d.kebab);
}

/** The same, unformatted. @throws Error that says what is wrong with the names, and what to do */
export function writeDomain(tree: Tree, options: DomainOptions): DomainPlan {
  const plan = planDomain(tree, options);
  const { d, m, target } = plan;
  const stamp = nextMigration(tree);
  editSource(tree, 'libs/kit/src/domain.ts', addingElement('domains', `'${d.kebab}'`));
  writeFiles(tree, plan, stamp);
  register(tree, plan);
  writeModel(tree, { domain: d.kebab, name: m.kebab, target: target.name });
  return plan;
}

function writeFiles(tree: Tree, plan: DomainPlan, stamp: number): void {
  const { d, e, m, target } = plan;
  const variables = {
    ...plan,
    stamp,
    domain: d.kebab,
    entity: e.kebab,
    field: d.camel + m.pascal,
    output: target.type === 'flag' ? 'probability' : 'value',
    q: JSON.stringify,
    camel: fieldName,
  };
  const places = { ...domainPlaces(d), worker: 'apps/worker/src/domains' };
  for (const [part, folder] of Object.entries(places))
    generateFiles(tree, join(import.meta.dirname, 'files', part), folder, variables, {
      overwriteStrategy: OverwriteStrategy.ThrowIfExisting,
    });
}

function register(tree: Tree, { d }: DomainPlan): void {
  editSource(tree, 'libs/simulators/src/index.ts', exportingAll(`./${d.kebab}/${d.kebab}.world.ts`));
  editSource(
    tree,
    'apps/worker/src/domains/domain.work.ts',
    importing(`./${d.kebab}.work.ts`, `${d.camel}Work`),
    addingProperty('workingDomains', `${d.kebab}: ${d.camel}Work`),
  );
  editSource(
    tree,
    'apps/cli/src/domains/domain.table.ts',
    importing(`./${d.kebab}/${d.kebab}.tools.ts`, `${d.camel}Tools`),
    addingProperty('domainTools', `${d.kebab}: ${d.camel}Tools`),
  );
  refer(tree, 'tsconfig.json', `./libs/${d.kebab}`, `./apps/${d.kebab}`);
  for (const app of ['worker', 'cli'])
    refer(tree, `apps/${app}/tsconfig.lib.json`, `../../libs/${d.kebab}/tsconfig.lib.json`);
  lock(tree, d.kebab);
}

interface References {
  readonly references: readonly { readonly path: string }[];
}

function refer(tree: Tree, file: string, ...paths: readonly string[]): void {
  updateJson(tree, file, (json: References) => ({
    ...json,
    references: [...json.references, ...paths.map((path) => ({ path }))],
  }));
}

/** The packages of a domain: folder and name. */
const packagesOf = (domain: string) => [
  { folder: `libs/${domain}`, name: `@haat/${domain}` },
  { folder: `apps/${domain}`, name: `@haat/${domain}-app` },
];

/** Writes the packages into the lock, as npm would, so that `npm ci` passes. */
function lock(tree: Tree, domain: string): void {
  updateJson(tree, 'package-lock.json', (json: { readonly packages: Readonly<Record<string, object>> }) => {
    const fresh = packagesOf(domain).flatMap(({ folder, name }): [string, object][] => [
      [folder, { name, version: '0.1.0' }],
      [`node_modules/${name}`, { resolved: folder, link: true }],
    ]);
    const packages = Object.entries(json.packages);
    for (const entry of fresh) {
      const next = packages.findIndex(([path]) => path.localeCompare(entry[0], 'en') > 0);
      packages.splice(next < 0 ? packages.length : next, 0, entry);
    }
    return { ...json, packages: Object.fromEntries(packages) };
  });
}

/** Links the packages, as npm would, so that they are found at once. */
function linkPackages(domain: string): void {
  for (const { folder, name } of packagesOf(domain)) {
    const link = join(workspaceRoot, 'node_modules', name);
    mkdirSync(join(link, '..'), { recursive: true });
    if (!existsSync(link)) symlinkSync(join('..', '..', folder), link);
  }
}
