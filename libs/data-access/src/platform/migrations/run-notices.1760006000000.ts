import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every change of a run is told on the channel `haat_run`; the payload is the run's id. */
export class RunNotices1760006000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger run_told on platform.run');
    await runner.query('drop function platform.tell_run()');
  }
}

const statements = [
  `create function platform.tell_run() returns trigger language plpgsql set search_path = pg_catalog as $$
   begin
     perform pg_notify('haat_run', new.id);
     return null;
   end $$`,
  'create trigger run_told after insert or update on platform.run for each row execute function platform.tell_run()',
];
