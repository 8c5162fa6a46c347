import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an inference leaves for the next one, and what finds the rows that came since. */
export class Risk1799200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

const up = [
  'alter table risk.inference add column continues text, add column turn integer not null default 0',
  // Of each chain four bytes: first days in E, I and R, and days in I before the window; then what was known of the first day.
  `create table risk.carried (
    run text not null references risk.inference (run) on delete cascade,
    person integer not null,
    trajectories bytea not null,
    states smallint[] not null,
    ages smallint[] not null,
    probabilities double precision[] not null,
    primary key (run, person)
  )`,
  // Rows lie in the order of their revisions: a few pages of index for a billion of them.
  'create index contact_by_revision on risk.contact using brin (revision)',
  'create index test_by_revision on risk.test using brin (revision)',
  'create index symptom_by_revision on risk.symptom using brin (revision)',
  'grant select, insert, delete on risk.carried to haat_risk_task',
];

const down = [
  'drop index risk.contact_by_revision, risk.test_by_revision, risk.symptom_by_revision',
  'drop table risk.carried',
  'alter table risk.inference drop column continues, drop column turn',
];
