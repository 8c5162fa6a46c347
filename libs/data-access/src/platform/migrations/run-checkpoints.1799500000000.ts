import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A run that is computed in parts goes on from a checkpoint of each. */
export class RunCheckpoints1799500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table platform.run add checkpoints text[] not null default '{}'`);
    await runner.query('update platform.run set checkpoints = array[checkpoint] where checkpoint is not null');
    await runner.query('alter table platform.run drop column checkpoint');
    await runner.query(
      'create index run_checkpoints on platform.run using gin (checkpoints) where finished_at is null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table platform.run add checkpoint text check (checkpoint ~ '^[0-9a-f]{64}$')`);
    await runner.query('update platform.run set checkpoint = checkpoints[1]');
    await runner.query('alter table platform.run drop column checkpoints');
    await runner.query('create index run_checkpoint on platform.run (checkpoint) where checkpoint is not null');
  }
}
