import { readFile } from 'node:fs/promises';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { subgraphs } from './config.ts';

/** The subgraphs by the name that the supergraph gives them, with the SDL that each app commits. */
export const subgraphFiles: Readonly<Record<string, URL>> = Object.fromEntries(
  subgraphs.map((name) => [name, new URL(`../../${name}/schema.graphql`, import.meta.url)]),
);

/**
 * The supergraph SDL of the subgraphs' SDL. Deterministic: the same SDL gives the same text. Addresses in it are names only
 * (`http://packaging/graphql`); the gateway puts those of its environment in their place.
 * @throws Error with one line for each contradiction between subgraphs.
 */
export function composeSupergraph(subgraphs: Readonly<Record<string, string>>): string {
  const services = Object.entries(subgraphs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sdl]) => ({ name, url: `http://${name}/graphql`, typeDefs: parse(sdl) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) {
    throw new Error(`The subgraphs do not compose:\n${(errors ?? []).map(({ message }) => `  ${message}`).join('\n')}`);
  }
  return `${supergraphSdl.trim()}\n`;
}

/** Composes what the apps have committed. */
export async function composeCommitted(): Promise<string> {
  const entries = Object.entries(subgraphFiles).map(
    async ([name, file]) => [name, await readFile(file, 'utf8')] as const,
  );
  return composeSupergraph(Object.fromEntries(await Promise.all(entries)));
}
