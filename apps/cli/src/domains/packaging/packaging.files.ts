import { readMapping } from '@haat/data-access';
import { fileSource, packagingTables, type FileSource } from '@haat/packaging/store';

/**
 * The facts in a folder of files, their columns named by a mapping where they have other names.
 * @throws FILE_MISSING, FILE_EMPTY, FILE_FORMAT, FILE_ENCODING, FILE_HEADER, INVALID_MAPPING, INVALID_CATALOGUE
 */
export async function filesOf(directory: string, mapping: string | undefined): Promise<FileSource> {
  if (mapping === undefined) return fileSource(directory);
  return fileSource(directory, { mapping: await readMapping(mapping, packagingTables) });
}
