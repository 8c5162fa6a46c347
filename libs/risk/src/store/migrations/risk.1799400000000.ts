import { driftAccess, revokeDriftAccess } from '@haat/data-access';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rights to keep the drift profiles of risk's own models: shares of persons and days, of nobody in particular. */
export class Risk1799400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of driftAccess('risk')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of revokeDriftAccess('risk')) await runner.query(statement);
  }
}
