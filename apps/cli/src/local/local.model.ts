import { readFile } from 'node:fs/promises';

import { openModel } from '@haat/model-runtime';
import { damageModel, encodeProducts, type DamageContext } from '@haat/packaging/model';
import type { ServedModel } from '@haat/packaging/serving';

import { cliError } from '../cli.errors.ts';

/** Version of an artifact that comes from a file: no registry has numbered it. */
const UNNUMBERED = 0;

/** @throws UNKNOWN_MODEL unless `--local` commands know the model. */
export function requireLocalModel(name: string): void {
  if (name === damageModel.name) return;
  throw cliError('UNKNOWN_MODEL', `There is no model "${name}". Known: ${damageModel.name}`, { model: name });
}

/** A model that is open for the time of one command. */
export interface LocalModel extends ServedModel {
  close(): Promise<void>;
}

/**
 * The damage model of an artifact file, after it has proved itself as it does when a server takes it up.
 * @throws FILE_UNUSABLE, UNKNOWN_MODEL, and what the runtime refuses: ARTIFACT_DAMAGED, MODEL_REFUSED
 */
export async function openDamageModel(file: string): Promise<LocalModel> {
  const open = await openModel<DamageContext>(await artifactBytes(file), { encode: encodeProducts });
  const { name } = open.metadata.card;
  if (name !== damageModel.name) {
    await open.close();
    throw cliError('UNKNOWN_MODEL', `${file} holds ${name}, and ${damageModel.name} was asked for`, { file });
  }
  return { ref: { model: name, version: UNNUMBERED, digest: open.digest }, open, close: () => open.close() };
}

/** @throws FILE_UNUSABLE */
export async function artifactBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw cliError(
      'FILE_UNUSABLE',
      `The artifact ${file} cannot be read: ${(cause as Error).message}`,
      { file },
      cause,
    );
  }
}
