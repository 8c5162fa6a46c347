import { registryAccess, revokeRegistryAccess } from '@haat/data-access';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Packaging's tasks hold what they store and ask for approvals; its app counts how shadows differ. */
export class PackagingRegistry1760002000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of registryAccess('packaging')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of revokeRegistryAccess('packaging')) await runner.query(statement);
  }
}
