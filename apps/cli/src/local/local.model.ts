import { DomainError, isDomainError } from '@haat/kit';
import { openModel, type OpenModel } from '@haat/model-runtime';
import type { PackageCatalogue } from '@haat/packaging/contract';
import { damageModel, encodeProducts, type DamageContext } from '@haat/packaging/model';
import type { ServedModel } from '@haat/packaging/serving';
import type { FileSource } from '@haat/packaging/store';

import { cliError } from '../cli.errors.ts';
import { readNamed } from './named.files.ts';

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
  const open = await openedFrom(file, await artifactBytes(file));
  const { name } = open.metadata.card;
  if (name !== damageModel.name) {
    await open.close();
    throw cliError('UNKNOWN_MODEL', `${file} holds ${name}, and ${damageModel.name} was asked for`, { file });
  }
  return { ref: { model: name, version: UNNUMBERED, digest: open.digest }, open, close: () => open.close() };
}

/** What the runtime refuses is told with the name of the file, which the runtime does not know. */
async function openedFrom(file: string, bytes: Uint8Array): Promise<OpenModel<DamageContext>> {
  try {
    return await openModel<DamageContext>(bytes, { encode: encodeProducts });
  } catch (thrown) {
    if (!isDomainError(thrown)) throw thrown;
    const { code, blame, message, details } = thrown;
    throw new DomainError(code, blame, `${file}: ${message}`, { ...details, file }, { cause: thrown });
  }
}

/** @throws FILE_UNUSABLE */
export function artifactBytes(file: string): Promise<Uint8Array> {
  return readNamed('artifact', file);
}

/**
 * Refuses files whose package types are not those of the model, in its order: its probabilities would be of others.
 * @throws CATALOGUE_MISMATCH
 */
export async function requireCatalogue(
  { file, served }: { readonly file: string; readonly served: ServedModel },
  { data, source }: { readonly data: string; readonly source: FileSource },
  asOf: Date,
): Promise<void> {
  const codesOf = ({ types }: PackageCatalogue) => types.map(({ code }) => code).join(', ');
  const model = codesOf(served.open.metadata.context.catalogue);
  const files = codesOf(await source.catalogue(await source.horizon(asOf)));
  if (model === files) return;
  throw cliError(
    'CATALOGUE_MISMATCH',
    `The package types of ${data} must be those of ${file}, in their order: expected ${model}; got ${files}. Train a model on these files, or use the package types that this one learned`,
    { artifact: file, data },
  );
}
