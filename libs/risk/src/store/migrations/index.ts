import type { MigrationSet } from '@haat/data-access';

import { Risk1799000000100 } from './risk.1799000000100.ts';
import { Risk1799200000000 } from './risk.1799200000000.ts';
import { Risk1799300000000 } from './risk.1799300000000.ts';
import { Risk1799300000500 } from './risk.1799300000500.ts';
import { Risk1799400000000 } from './risk.1799400000000.ts';
import { Risk1799500000100 } from './risk.1799500000100.ts';

/** The schema `risk`, in order. */
export const riskMigrations: MigrationSet = [
  Risk1799000000100,
  Risk1799200000000,
  Risk1799300000000,
  Risk1799300000500,
  Risk1799400000000,
  Risk1799500000100,
];
