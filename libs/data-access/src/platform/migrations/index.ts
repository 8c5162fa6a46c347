import type { MigrationSet } from '../../database/database.migrations.ts';
import { ApiKey1760001000000 } from './api.key.1760001000000.ts';
import { Audit1760000200000 } from './audit.1760000200000.ts';
import { Backfill1760003000000 } from './backfill.1760003000000.ts';
import { CheckpointLeftovers1799100000000 } from './checkpoint-leftovers.1799100000000.ts';
import { Checkpoint1798700002000 } from './checkpoint.1798700002000.ts';
import { Drift1760004000050 } from './drift.1760004000050.ts';
import { Horizon1760004000000 } from './horizon.1760004000000.ts';
import { Platform1760000000000 } from './platform.1760000000000.ts';
import { Registry1760002000000 } from './registry.1760002000000.ts';
import { Retention1798800000000 } from './retention.1798800000000.ts';
import { RunCheckpoints1799500000000 } from './run-checkpoints.1799500000000.ts';
import { RunNotices1760006000000 } from './run-notices.1760006000000.ts';
import { ServedAlias1798700000000 } from './served-alias.1798700000000.ts';

/** The schema `platform`. */
export const platformMigrations: MigrationSet = [
  Platform1760000000000,
  Audit1760000200000,
  ApiKey1760001000000,
  Registry1760002000000,
  Backfill1760003000000,
  Horizon1760004000000,
  Drift1760004000050,
  RunNotices1760006000000,
  ServedAlias1798700000000,
  Checkpoint1798700002000,
  Retention1798800000000,
  CheckpointLeftovers1799100000000,
  RunCheckpoints1799500000000,
];
