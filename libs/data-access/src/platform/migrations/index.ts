import type { MigrationSet } from '../../database/database.migrations.ts';
import { Audit1760000200000 } from './audit.1760000200000.ts';
import { Platform1760000000000 } from './platform.1760000000000.ts';
import { RunNotices1760006000000 } from './run-notices.1760006000000.ts';

/** The schema `platform`. */
export const platformMigrations: MigrationSet = [Platform1760000000000, Audit1760000200000, RunNotices1760006000000];
