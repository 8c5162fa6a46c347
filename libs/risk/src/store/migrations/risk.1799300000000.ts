import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What simulations of policies gave, run by run, and whom each inference would have tested next. */
export class Risk1799300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

const up = [
  // As json, not jsonb: policies are told in the order in which they were named.
  `create table risk.policy_simulation (
    run text primary key,
    model text not null,
    model_version integer not null,
    model_digest text not null,
    options json not null,
    parameters json not null,
    seed bigint not null,
    seeds integer not null,
    created_at timestamptz not null default clock_timestamp()
  )`,
  'create index policy_simulation_newest on risk.policy_simulation (created_at desc)',
  `create table risk.policy_outcome (
    run text not null references risk.policy_simulation (run) on delete cascade,
    policy text not null,
    seed bigint not null,
    infected double precision not null,
    quarantine_days bigint not null,
    tests bigint not null,
    positive bigint not null,
    primary key (run, seed, policy)
  )`,
  `create table risk.test_choice (
    run text not null,
    kind smallint not null,
    position smallint not null,
    person integer not null,
    positive real not null,
    averted real not null,
    information real not null,
    primary key (run, kind, position),
    foreign key (run, person) references risk.timeline (run, person) on delete cascade
  )`,
  'create index test_choice_by_person on risk.test_choice (run, person)',
  'grant select on risk.policy_simulation, risk.policy_outcome, risk.test_choice to haat_risk',
  'grant select, insert, delete on risk.policy_simulation, risk.policy_outcome, risk.test_choice to haat_risk_task',
];

const down = ['drop table risk.test_choice', 'drop table risk.policy_outcome', 'drop table risk.policy_simulation'];
