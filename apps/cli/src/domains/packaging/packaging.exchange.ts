import { readMapping, type FolderImportSummary } from '@haat/data-access';
import {
  exportedFiles,
  exportPackaging,
  importPackaging,
  packagingFolder,
  packagingTables,
  type PackagingImportSummary,
} from '@haat/packaging/store';

import type { DomainExport, DomainImport } from '../domain.tools.ts';

export const packagingImport: DomainImport = {
  folder: packagingFolder,
  async importFolder(database, directory, { mapping, ...options }): Promise<PackagingImportSummary> {
    const columns = mapping === undefined ? undefined : await readMapping(mapping, packagingTables);
    return importPackaging(database, directory, { ...options, mapping: columns });
  },
  notes({ catalogue }: FolderImportSummary & Partial<PackagingImportSummary>) {
    if (!catalogue) return [];
    const { types, changed } = catalogue;
    return [`package-types: ${types} types, ${changed ? 'a new catalogue version' : 'unchanged'}`];
  },
};

export const packagingExport: DomainExport = {
  files: exportedFiles,
  exportFolder: exportPackaging,
};
