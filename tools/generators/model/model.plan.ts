import type { Tree } from '@nx/devkit';
import { requireFreeInGraph } from '../graph.check.ts';
import { knownDomain, lookAlike, modelName, type Name } from '../names.ts';
import { refuse } from '../refusal.ts';
import { declaredViews, declares, type DeclaredFact, type DeclaredView } from '../workspace.facts.ts';

export interface ModelOptions {
  readonly domain: string;
  readonly name: string;
  readonly kind?: string;
  readonly view?: string;
  readonly target: string;
  readonly features?: string;
  readonly title?: string;
}

/** What is generated: names, and the facts that the model learns from. */
export interface ModelPlan {
  readonly d: Name;
  readonly m: Name;
  readonly view: DeclaredView;
  readonly entity: string;
  readonly key: string;
  readonly features: readonly DeclaredFact[];
  readonly target: DeclaredFact;
  readonly logistic: boolean;
  /** Name of the model's output. */
  readonly output: 'probability' | 'value';
  readonly title: string;
  /** Root field and type of the subgraph. */
  readonly field: string;
  readonly typeName: string;
}

/** Checks everything before anything is written. @throws Error that says what is wrong and what to do */
export function planModel(tree: Tree, options: ModelOptions): ModelPlan {
  const d = knownDomain(tree, options.domain);
  const m = modelName(options.name);
  const thing = `Model ${d.kebab}/${m.kebab}`;
  if (lookAlike(m.kebab, d.kebab)) throw refuse(thing, 'the domain itself has this name', 'Choose another name.');
  const same = modelsOf(tree, d.kebab).find((model) => lookAlike(model, m.kebab));
  if (same) throw refuse(thing, `the domain has a model ${same} already`, 'Choose another name, or change that model.');
  if (tree.children(`apps/${d.kebab}/src`).some((name) => name.startsWith(`${m.kebab}.`)))
    throw refuse(thing, `apps/${d.kebab}/src has files of this name`, 'Choose another name.');
  const field = d.camel + m.pascal;
  const typeName = d.pascal + m.pascal;
  requireFreeInGraph(tree, thing, { types: [typeName, `Kept${typeName}`], fields: [field] });
  const view = viewOf(declaredViews(tree, d.kebab), d.kebab, options.view);
  requireFiles(tree, d, view);
  const target = factOf(view, options.target, 'Target');
  const features = options.features
    ? options.features.split(',').map((name) => factOf(view, name.trim(), 'Feature'))
    : view.facts.filter((fact) => fact.type !== 'text' && fact.name !== target.name && !fact.later);
  if (features.length === 0 || features.includes(target) || new Set(features).size < features.length)
    throw refuse(
      `Features of ${d.kebab}/${m.kebab}`,
      `expected at least one, each once, and not the target ${target.name}`,
      `The view has ${named(view.facts)}.`,
    );
  if (features.some(({ later }) => later))
    throw refuse(
      `Features of ${d.kebab}/${m.kebab}`,
      'expected facts that are known when the model is asked, got one that comes to be known later',
      'Leave it out of --features.',
    );
  const logistic = target.type === 'flag';
  return {
    d,
    m,
    view,
    entity: view.view,
    key: view.key[0]!,
    features,
    target,
    logistic,
    output: logistic ? 'probability' : 'value',
    title: options.title ?? target.doc,
    field,
    typeName,
  };
}

/** The models that a domain declares, by their files. */
function modelsOf(tree: Tree, domain: string): string[] {
  return tree.children(`libs/${domain}/src/model`).flatMap((name) => /^(.*)\.model\.ts$/.exec(name)?.[1] ?? []);
}

function viewOf(views: readonly DeclaredView[], domain: string, wanted: string | undefined): DeclaredView {
  const usable = views.filter(({ reading, key }) => reading === 'latest' && key.length === 1);
  const known = usable.map(({ view }) => view).join(', ') || 'none';
  const found =
    wanted === undefined ? (usable.length === 1 ? usable[0] : undefined) : usable.find(({ view }) => view === wanted);
  if (found) return found;
  throw refuse(
    `View ${wanted === undefined ? `of ${domain}` : `"${wanted}"`}`,
    `expected one of the views with the reading "latest" and one key: ${known}`,
    'Name it by --view.',
  );
}

/** A model on files reads the table of the view as an import does. */
function requireFiles(tree: Tree, { kebab, camel }: Name, { view }: DeclaredView): void {
  const wanted = [
    ['contract', `${view}RowSchema`],
    ['store', `${view}Table`],
    ['store', `${camel}Folder`],
  ] as const;
  for (const [room, constant] of wanted)
    if (!declares(tree, `libs/${kebab}/src/${room}`, constant))
      throw refuse(
        `View "${view}"`,
        `expected libs/${kebab}/src/${room} to declare ${constant}, by which its rows come from files`,
        'Declare it as libs/packaging does for its products, or take a view that has one.',
      );
}

function factOf(view: DeclaredView, name: string, what: string): DeclaredFact {
  const found = view.facts.find((fact) => fact.name === name);
  if (found && found.type !== 'text') return found;
  throw refuse(
    `${what} "${name}"`,
    `expected a number or a flag of the view ${view.view}`,
    `It has ${named(view.facts.filter(({ type }) => type !== 'text'))}.`,
  );
}

const named = (facts: readonly DeclaredFact[]) => facts.map(({ name }) => name).join(', ');
