import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { NetworkDefinition, Values } from '@haat/onnx';

import { cliError } from '../cli.errors.ts';

export type AnyNetwork = NetworkDefinition<Values>;

/**
 * The network that a module (JavaScript, or TypeScript without more than types) exports, by name where it exports several.
 * @throws FILE_UNUSABLE, NO_NETWORK
 */
export async function networkOf(file: string, name?: string): Promise<AnyNetwork> {
  const networks = Object.entries(await exportsOf(file)).filter((entry): entry is [string, AnyNetwork] =>
    isNetwork(entry[1]),
  );
  const names = networks.map(([each]) => each);
  const [found, ...others] = networks.filter(([each]) => name === undefined || each === name);
  if (found !== undefined && others.length === 0) return found[1];
  const wanted = name === undefined ? 'one network' : `a network "${name}"`;
  throw cliError('NO_NETWORK', `${file}: expected ${wanted}, it exports ${names.join(', ') || 'none'}`, {
    file,
    names,
  });
}

async function exportsOf(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw cliError(
      'FILE_UNUSABLE',
      `The module ${file} cannot be loaded: ${(cause as Error).message}`,
      { file },
      cause,
    );
  }
}

function isNetwork(value: unknown): value is AnyNetwork {
  const { outputs, objective, inputs } = (value ?? {}) as Partial<Record<keyof AnyNetwork, unknown>>;
  return typeof outputs === 'function' && typeof objective === 'function' && Array.isArray(inputs);
}
