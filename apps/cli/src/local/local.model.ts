import { DomainError, isDomainError, type ModelRef } from '@haat/kit';
import type { OpenArtifact, ProvenArtifact } from '@haat/model-runtime';

import { cliError } from '../cli.errors.ts';
import { readNamed } from './named.files.ts';

/** Version of an artifact that comes from a file: no registry has numbered it. */
const UNNUMBERED = 0;

/** A model that is open for the time of one command. */
export interface LocalModel<Open extends ProvenArtifact> {
  readonly ref: ModelRef;
  readonly open: Open;
}

/** A model as a file of it is opened. */
export interface NamedModel<Open extends ProvenArtifact> {
  readonly trainer: { readonly definition: { readonly name: string } };
  readonly open: OpenArtifact<Open>;
}

/**
 * The model of an artifact file, after it has proved itself as it does when a server takes it up.
 * @throws FILE_UNUSABLE, UNKNOWN_MODEL, and what the runtime refuses: ARTIFACT_DAMAGED, MODEL_REFUSED
 */
export async function openLocalModel<Open extends ProvenArtifact>(
  { trainer, open: openArtifact }: NamedModel<Open>,
  file: string,
): Promise<LocalModel<Open>> {
  const bytes = await artifactBytes(file);
  const open = await told(file, () => openArtifact(bytes));
  const { name: held } = open.metadata.card;
  const { name } = trainer.definition;
  if (held !== name) {
    await open.close();
    throw cliError('UNKNOWN_MODEL', `${file} holds ${held}, and ${name} was asked for`, { file });
  }
  return { ref: { model: name, version: UNNUMBERED, digest: open.digest }, open };
}

/** What the runtime refuses is told with the name of the file, which the runtime does not know. */
async function told<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
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
