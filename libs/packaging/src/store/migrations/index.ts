import type { MigrationSet } from '@haat/data-access';

import { PackagingAudit1760000300000 } from './audit.1760000300000.ts';
import { PackagingBitemporal1760004000100 } from './bitemporal.1760004000100.ts';
import { Packaging1760000100000 } from './packaging.1760000100000.ts';
import { PackagingRegistry1760002000100 } from './registry.1760002000100.ts';
import { PackagingRecommendation1760003000100 } from './recommendation.1760003000100.ts';
import { PackagingServing1798700000100 } from './serving.1798700000100.ts';

/** The schema `packaging`, and the rights of its roles in the platform's. */
export const packagingMigrations: MigrationSet = [
  Packaging1760000100000,
  PackagingAudit1760000300000,
  PackagingRegistry1760002000100,
  PackagingRecommendation1760003000100,
  PackagingBitemporal1760004000100,
  PackagingServing1798700000100,
];
