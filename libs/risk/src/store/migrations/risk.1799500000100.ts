import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An inference of a part told these of the part: its timelines tell them of everybody. */
export class Risk1799500000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table risk.inference drop column persons, drop column largest_r_hat');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table risk.inference add persons integer not null default 0, add largest_r_hat double precision not null default 1',
    );
    await runner.query(
      `update risk.inference i set (persons, largest_r_hat) =
         (select count(*), coalesce(max(r_hat), 1) from risk.timeline t where t.run = i.run)`,
    );
    await runner.query('alter table risk.inference alter persons drop default, alter largest_r_hat drop default');
  }
}
