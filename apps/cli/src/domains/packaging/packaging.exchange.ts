import { readMapping } from '@haat/data-access';
import {
  exportedFiles,
  exportPackaging,
  importPackaging,
  packagingTables,
  type ImportSummary,
} from '@haat/packaging/store';

import type { DomainExport, DomainImport, FolderImport } from '../domain.tools.ts';

export const packagingImport: DomainImport = {
  async importFolder(database, directory, { mapping, ...options }): Promise<ImportSummary> {
    const columns = mapping === undefined ? undefined : await readMapping(mapping, packagingTables);
    return importPackaging(database, directory, { ...options, mapping: columns });
  },
  notes({ catalogue }: FolderImport & Partial<ImportSummary>) {
    if (!catalogue) return [];
    const { types, changed } = catalogue;
    return [`package-types: ${types} types, ${changed ? 'a new catalogue version' : 'unchanged'}`];
  },
};

export const packagingExport: DomainExport = {
  files: exportedFiles,
  exportFolder: exportPackaging,
};
