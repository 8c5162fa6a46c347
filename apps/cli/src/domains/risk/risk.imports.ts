import { readMapping } from '@haat/data-access';
import { importRisk, riskFolder, riskTables } from '@haat/risk/store';

import type { DomainImport } from '../domain.tools.ts';

export const riskImport: DomainImport = {
  folder: riskFolder,
  async importFolder(database, directory, { mapping, ...options }) {
    const columns = mapping === undefined ? undefined : await readMapping(mapping, riskTables);
    return importRisk(database, directory, { ...options, mapping: columns });
  },
  notes: () => [],
};
