import type { MigrationSet } from '../../database/database.migrations.ts';
import { Platform1760000000000 } from './platform.1760000000000.ts';

/** The schema `platform`. Runs before every domain's set. */
export const platformMigrations: MigrationSet = [Platform1760000000000];
