import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Predictions and versions keep the revision of the data that they were made from. A prediction from before is given its
 * domain's current one: facts were changed in place until now, and these are the facts that are left.
 */
export class Horizon1760004000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      'alter table platform.model_version add column data_revision bigint',
      'alter table platform.prediction add column revision bigint not null default 0',
      `update platform.prediction set revision = data_revision.revision from platform.data_revision
       where domain = split_part(model, '/', 1)`,
      'alter table platform.prediction alter column revision drop default',
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table platform.prediction drop column revision');
    await runner.query('alter table platform.model_version drop column data_revision');
  }
}
