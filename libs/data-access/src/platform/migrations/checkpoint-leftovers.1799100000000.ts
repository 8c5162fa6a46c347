import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What may lie in the store for a run in flight beside its checkpoint, so that the run's end can remove it. */
export class CheckpointLeftovers1799100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table platform.run add checkpoint_leftovers text[] not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table platform.run drop column checkpoint_leftovers');
  }
}
