import { formatFiles, generateFiles, OverwriteStrategy, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { requireSound } from '../source.check.ts';
import {
  addingElement,
  addingProperty,
  beforeReturn,
  editSource,
  exportingAll,
  importing,
  names,
} from '../source.edit.ts';
import { nextMigration, sourcesIn } from '../workspace.facts.ts';
import { planModel, type ModelOptions, type ModelPlan } from './model.plan.ts';

/** A model of a domain, in every place where a model is named. */
export default async function modelGenerator(tree: Tree, options: ModelOptions): Promise<void> {
  writeModel(tree, options);
  await formatFiles(tree);
}

/** The same, unformatted. @throws Error that says what is wrong with the names, and what to do */
export function writeModel(tree: Tree, options: ModelOptions): void {
  const plan = planModel(tree, options);
  writeFiles(tree, plan);
  requireSound(tree);
}

function writeFiles(tree: Tree, plan: ModelPlan): void {
  const { d, m } = plan;
  const lib = `libs/${d.kebab}/src`;
  const stamp = nextMigration(tree);
  const backfilled = sourcesIn(tree, `${lib}/store/migrations`).some((source) => names(source, 'backfillAccess'));
  const variables = { ...plan, stamp, backfilled, domain: d.kebab, model: m.kebab, q: JSON.stringify };
  const files = (part: string, folder: string) =>
    generateFiles(tree, join(import.meta.dirname, 'files', part), folder, variables, {
      overwriteStrategy: OverwriteStrategy.ThrowIfExisting,
    });
  files('lib', lib);
  files('app', `apps/${d.kebab}/src`);
  files('worker', 'apps/worker/src/domains');
  files('cli', `apps/cli/src/domains/${d.kebab}`);
  register(tree, plan, lib, stamp);
}

function register(tree: Tree, { d, m }: ModelPlan, lib: string, stamp: number): void {
  const rooms = {
    features: ['features'],
    model: ['encode', 'graph', 'model'],
    serving: ['serving'],
    training: ['trainer'],
  };
  for (const [room, roles] of Object.entries(rooms))
    editSource(tree, `${lib}/${room}/index.ts`, ...roles.map((role) => exportingAll(`./${m.kebab}.${role}.ts`)));

  const migration = `${d.pascal}${m.pascal}Answer${stamp}`;
  editSource(
    tree,
    `${lib}/store/migrations/index.ts`,
    importing(`./${m.kebab}-answer.${stamp}.ts`, migration),
    addingElement(`${d.camel}Migrations`, migration),
  );

  const app = `apps/${d.kebab}/src`;
  editSource(
    tree,
    `${app}/resolvers.ts`,
    importing(`./${m.kebab}.resolver.ts`, `${m.pascal}Resolver`),
    addingElement('resolvers', `${m.pascal}Resolver`),
  );
  editSource(
    tree,
    `${app}/${d.kebab}.module.ts`,
    importing(`./${m.kebab}.providers.ts`, `${m.camel}Providers`),
    addingElement('providers', `...${m.camel}Providers(config.ARTIFACTS_URL)`),
  );

  const work = `${m.camel}Work`;
  editSource(
    tree,
    `apps/worker/src/domains/${d.kebab}.work.ts`,
    importing(`./${d.kebab}.${m.kebab}.work.ts`, work),
    beforeReturn(
      'work',
      ['database', 'records', 'artifacts'],
      `const ${m.camel} = ${work}({ database, records, artifacts });`,
    ),
    ...['models', 'monitored', 'backfills'].map((list) => addingElement(list, `...${m.camel}.${list}`)),
  );
  editSource(
    tree,
    `apps/cli/src/domains/${d.kebab}/${d.kebab}.tools.ts`,
    addingProperty(
      'models',
      `'${d.kebab}/${m.kebab}': async () => (await import('./${m.kebab}.tools.ts')).${m.camel}Tools`,
    ),
  );
}
