import type { Tree } from '@nx/devkit';
import { requireFreeInGraph } from '../graph.check.ts';
import { columnName, domainName, entityName, lookAlike, modelName, type Name } from '../names.ts';
import { refuse } from '../refusal.ts';
import type { DeclaredFact } from '../workspace.facts.ts';

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

/** The folders that hold nothing but the domain. */
export function domainPlaces({ kebab }: Name) {
  return {
    lib: `libs/${kebab}`,
    app: `apps/${kebab}`,
    cli: `apps/cli/src/domains/${kebab}`,
    simulators: `libs/simulators/src/${kebab}`,
  };
}

/** Checks everything before anything is written. @throws Error that says what is wrong and what to do */
export function planDomain(tree: Tree, options: DomainOptions): DomainPlan {
  const d = domainName(options.name);
  const e = entityName(options.entity);
  const m = modelName(options.model);
  const place = [...Object.values(domainPlaces(d)), `apps/worker/src/domains/${d.kebab}.work.ts`].find((one) =>
    tree.exists(one),
  );
  if (place) throw refuse(`Domain "${d.kebab}"`, `${place} is there already`, 'Choose another name.');
  const { kebab: entity } = e;
  if ([d.kebab, m.kebab, d.kebab + m.kebab].some((name) => lookAlike(name, entity)) || lookAlike(d.kebab, m.kebab))
    throw refuse(
      'Names',
      `expected different names of domain, entity, model and the model's answer, got ${d.kebab}, ${entity}, ${m.kebab}, ${d.camel}${m.pascal}`,
      'Rename one of them.',
    );
  requireFreeInGraph(tree, `Entity "${entity}"`, {
    types: [e.pascal, `${e.pascal}Connection`, `${e.pascal}Edge`],
    fields: [e.camel, `${e.camel}s`],
  });
  const early = factsOf(options.facts, false);
  const later = factsOf(options.later, true);
  const facts = [...early, ...later];
  if (early.length === 0 || later.length === 0)
    throw refuse(
      'Facts',
      'expected at least one that is known from the beginning and one that comes later',
      'For example --facts weight_g:g --later late.',
    );
  const key = `${e.snake}_id`;
  const names = [key, ...facts.map(({ name }) => name)];
  const again = names.findIndex((name, at) => names.slice(0, at).some((before) => lookAlike(before, name)));
  if (again > 0)
    throw refuse(
      `Fact "${names[again]!}"`,
      `the table has ${names.find((name) => lookAlike(name, names[again]!))!} already`,
      'Name it once, or otherwise.',
    );
  return { d, e, m, key, facts, early, target: later[0]! };
}

/** `weight_g:g,fragile` to facts. */
function factsOf(text: string, later: boolean): DeclaredFact[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', unit, ...more] = part.split(':').map((word) => word.trim());
      columnName('Fact', name);
      if (unit === '' || more.length > 0)
        throw refuse(
          `Fact "${part}"`,
          'expected a name, then ":" and one unit where it is a number',
          `Write ${name}:g for a number in g, ${name}:1 for a pure number, ${name} for a flag.`,
        );
      const stem = unit && name.endsWith(`_${unit.toLowerCase()}`) ? name.slice(0, -unit.length - 1) : name;
      const words = stem.replaceAll('_', ' ');
      const doc = words[0]!.toUpperCase() + words.slice(1);
      return { name, type: unit ? 'number' : 'flag', unit: unit ?? '1', doc, later };
    });
}
