import type { Tree } from '@nx/devkit';
import { parse, type FieldDefinitionNode } from 'graphql';
import { columnName, kebabName, wordName, type Name } from '../names.ts';
import { refuse } from '../refusal.ts';
import { domainTables, type DeclaredFact } from '../workspace.facts.ts';

export interface DomainOptions {
  readonly name: string;
  readonly entity: string;
  readonly facts: string;
  readonly later: string;
  readonly model: string;
}

/** What is generated: names, and the facts of one entity. */
export interface DomainPlan {
  readonly d: Name;
  readonly e: Name;
  readonly m: Name;
  readonly key: string;
  /** Those known from the beginning, then those that come later. */
  readonly facts: readonly DeclaredFact[];
  readonly early: readonly DeclaredFact[];
  readonly target: DeclaredFact;
}

/** Checks everything before anything is written. @throws Error that says what is wrong and what to do */
export function planDomain(tree: Tree, options: DomainOptions): DomainPlan {
  const d = wordName('Domain', options.name);
  const e = wordName('Entity', options.entity);
  const m = kebabName('Model', options.model);
  if (domainTables(tree).includes(d.kebab) || tree.exists(`libs/${d.kebab}`) || tree.exists(`apps/${d.kebab}`))
    throw refuse(`Domain "${d.kebab}"`, 'a package or an app of this name is there', 'Choose another name.');
  if (new Set([d.kebab, e.kebab, m.kebab]).size < 3)
    throw refuse(
      'Names',
      `expected three different names of domain, entity and model, got ${d.kebab}, ${e.kebab}, ${m.kebab}`,
      'Rename one of them.',
    );
  requireFreeTypes(tree, e);
  const early = factsOf(options.facts, false);
  const later = factsOf(options.later, true);
  const facts = [...early, ...later];
  if (early.length === 0 || later.length === 0)
    throw refuse(
      'Facts',
      'expected at least one that is known from the beginning and one that comes later',
      'For example --facts weight_g:g --later late.',
    );
  const twice = facts.find(({ name }, at) => facts.findIndex((fact) => fact.name === name) !== at);
  if (twice) throw refuse(`Fact "${twice.name}"`, 'it is named twice', 'Name it once.');
  return { d, e, m, key: `${e.snake}_id`, facts, early, target: later[0]! };
}

/** `weight_g:g,fragile` to facts. */
function factsOf(text: string, later: boolean): DeclaredFact[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', unit] = part.split(':');
      columnName('Fact', name);
      const stem = unit && name.endsWith(`_${unit.toLowerCase()}`) ? name.slice(0, -unit.length - 1) : name;
      const words = stem.replaceAll('_', ' ');
      const doc = words[0]!.toUpperCase() + words.slice(1);
      return { name, type: unit ? 'number' : 'flag', unit: unit ?? '1', doc, later };
    });
}

/** All subgraphs are one graph: a type or a field of the root that another has would be another's. */
function requireFreeTypes(tree: Tree, { camel, pascal }: Name): void {
  for (const app of tree.children('apps')) {
    const sdl = tree.read(`apps/${app}/schema.graphql`, 'utf8');
    if (sdl === null) continue;
    const types = parse(sdl, { noLocation: true }).definitions.filter((one) => one.kind === 'ObjectTypeDefinition');
    const fields: readonly FieldDefinitionNode[] = types.find(({ name }) => name.value === 'Query')?.fields ?? [];
    const taken =
      types.some(({ name }) => name.value === pascal) ||
      fields.some(({ name }) => name.value === camel || name.value === `${camel}s`);
    if (taken)
      throw refuse(
        `Entity "${camel}"`,
        `the subgraph ${app} has a type or a field of this name`,
        'Choose another word.',
      );
  }
}
