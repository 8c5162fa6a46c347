import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a run in flight goes on from when another worker takes it over. */
export class Checkpoint1798700002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table platform.run add checkpoint text check (checkpoint ~ '^[0-9a-f]{64}$')`);
    await runner.query('create index run_checkpoint on platform.run (checkpoint) where checkpoint is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table platform.run drop column checkpoint');
  }
}
