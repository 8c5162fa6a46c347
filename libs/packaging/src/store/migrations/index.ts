import type { MigrationSet } from '@haat/data-access';

import { Packaging1760000100000 } from './packaging.1760000100000.ts';

/** The schema `packaging`. Runs after the platform's set. */
export const packagingMigrations: MigrationSet = [Packaging1760000100000];
