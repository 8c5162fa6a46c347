import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The platform may drop whole days of predictions that are a month old, and before-images of backfills that are marked as
 * collected; nothing else of either.
 */
export class Retention1798800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of undoing) await runner.query(statement);
  }
}

// Dropping a partition locks the whole table for a moment: where it is in use, the one who drops gives way.
const statements = [
  'alter table platform.backfill add collected_at timestamptz',
  'grant update (collected_at) on platform.backfill to haat_platform',
  `create policy platform_collect on platform.backfill for update to haat_platform
   using (true) with check (collected_at is not null)`,
  'grant select (backfill, key), delete on platform.backfill_change to haat_platform',
  'create policy platform_select on platform.backfill_change for select to haat_platform using (true)',
  `create policy platform_delete on platform.backfill_change for delete to haat_platform
   using (backfill in (select id from platform.backfill where collected_at is not null))`,
  `create function platform.drop_prediction_partition(day date) returns void
   language plpgsql security definer set search_path = pg_catalog set lock_timeout = '2s' as $$
   begin
     if day > (now() at time zone 'UTC')::date - 30 then
       raise exception 'a day of predictions is dropped when it is 30 days old, and % came', day;
     end if;
     perform pg_advisory_xact_lock(4210517002);
     execute format('drop table if exists platform.%I', 'prediction_' || to_char(day, 'YYYYMMDD'));
   end $$`,
  'revoke all on function platform.drop_prediction_partition(date) from public',
  'grant execute on function platform.drop_prediction_partition(date) to haat_platform',
];

const undoing = [
  'drop function platform.drop_prediction_partition(date)',
  'drop policy platform_delete on platform.backfill_change',
  'drop policy platform_select on platform.backfill_change',
  'revoke select (backfill, key), delete on platform.backfill_change from haat_platform',
  'drop policy platform_collect on platform.backfill',
  'revoke update (collected_at) on platform.backfill from haat_platform',
  'alter table platform.backfill drop column collected_at',
];
