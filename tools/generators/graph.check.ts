import type { Tree } from '@nx/devkit';
import { isTypeDefinitionNode, parse } from 'graphql';
import { lookAlike } from './names.ts';
import { refuse } from './refusal.ts';

/** What would stand in the one graph of all subgraphs: types, and fields of its root. */
export interface GraphNames {
  readonly types: readonly string[];
  readonly fields: readonly string[];
}

/**
 * All subgraphs are one graph: a type or a field of the root that another has would be another's, and one that looks alike would be taken
 * for it. @throws Error that names the subgraph and what it has
 */
export function requireFreeInGraph(tree: Tree, thing: string, wanted: GraphNames): void {
  for (const app of tree.children('apps')) {
    const sdl = tree.read(`apps/${app}/schema.graphql`, 'utf8');
    if (sdl === null) continue;
    const has = namesOf(sdl);
    const taken =
      has.types.find((type) => wanted.types.some((one) => lookAlike(one, type))) ??
      has.fields.find((field) => wanted.fields.some((one) => lookAlike(one, field)));
    if (taken) throw refuse(thing, `the subgraph ${app} has a type or a field ${taken}`, 'Choose another name.');
  }
}

function namesOf(sdl: string): GraphNames {
  const types = parse(sdl, { noLocation: true }).definitions.filter(isTypeDefinitionNode);
  const query = types.find(({ name }) => name.value === 'Query');
  const fields = query?.kind === 'ObjectTypeDefinition' ? (query.fields ?? []) : [];
  return { types: types.map(({ name }) => name.value), fields: fields.map(({ name }) => name.value) };
}
