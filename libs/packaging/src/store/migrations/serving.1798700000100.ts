import { revokeServingAccess, servingAccess } from '@haat/data-access';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Packaging's app says which versions it answers with. */
export class PackagingServing1798700000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of servingAccess('packaging')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of revokeServingAccess('packaging')) await runner.query(statement);
  }
}
