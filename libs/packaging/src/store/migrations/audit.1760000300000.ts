import { auditAccess, revokeAuditAccess } from '@haat/data-access';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Packaging's tasks write down what they did. */
export class PackagingAudit1760000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of auditAccess('packaging')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of revokeAuditAccess('packaging')) await runner.query(statement);
  }
}
