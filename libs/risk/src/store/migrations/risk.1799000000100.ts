import {
  auditAccess,
  domainAccess,
  registryAccess,
  revisionAccess,
  revokeAuditAccess,
  revokeDomainAccess,
  revokeRegistryAccess,
  revokeRevisionAccess,
  revokeServingAccess,
  servingAccess,
} from '@haat/data-access';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Persons by pseudonym, what was observed of them, what was inferred, and who read it; the rights of risk's roles. */
export class Risk1799000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

const up = [
  'create schema risk',
  'create sequence risk.person_number as integer',
  // Pseudonyms sort by their bytes, so that the order does not depend on the server's locale.
  `create table risk.person (
    person_id text collate "C" not null,
    valid_from timestamptz not null,
    revision bigint not null,
    number integer not null,
    region integer not null check (region between 0 and 65535),
    reports boolean not null,
    primary key (person_id, valid_from, revision)
  )`,
  'create index person_by_number on risk.person (number)',
  `create table risk.contact (
    day date not null,
    from_person integer not null,
    to_person integer not null,
    channel smallint not null,
    mutual boolean not null,
    revision bigint not null,
    units integer not null check (units between 0 and 65535),
    primary key (day, from_person, to_person, channel, mutual, revision),
    check (from_person <> to_person)
  )`,
  `create table risk.test (
    test_id text collate "C" not null,
    day date not null,
    revision bigint not null,
    person integer not null,
    kind smallint not null,
    result smallint not null,
    primary key (day, test_id, revision)
  )`,
  `create table risk.symptom (
    person integer not null,
    day date not null,
    revision bigint not null,
    reported boolean not null,
    primary key (day, person, revision)
  )`,
  `create table risk.inference (
    run text primary key,
    model text not null,
    model_version integer not null,
    model_digest text not null,
    facts_digest text not null,
    as_of timestamptz not null,
    revision bigint not null,
    first_day date not null,
    days smallint not null,
    seed bigint not null,
    chains smallint not null,
    sweeps integer not null,
    persons integer not null,
    largest_r_hat double precision not null,
    completed_at timestamptz not null
  )`,
  'create index inference_newest on risk.inference (completed_at desc)',
  `create table risk.timeline (
    run text not null references risk.inference (run) on delete cascade,
    person integer not null,
    risk real not null,
    exposed real[] not null,
    infectious real[] not null,
    removed real[] not null,
    error real[] not null,
    r_hat real not null,
    effective_samples real not null,
    primary key (run, person)
  )`,
  'create index timeline_highest on risk.timeline (run, risk desc, person)',
  `create table risk.infection_source (
    run text not null,
    person integer not null,
    position smallint not null,
    from_person integer,
    day date,
    probability real not null,
    primary key (run, person, position),
    foreign key (run, person) references risk.timeline (run, person) on delete cascade
  )`,
  `create table risk.access_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    origin text not null,
    person_id text collate "C" not null,
    fields text not null
  )`,
  'create index access_by_person on risk.access_log (person_id, id desc)',
  // The app shows what was inferred, to whom it may, and writes down to whom. It sees no contact, test or report.
  'grant usage on schema risk to haat_risk, haat_risk_task',
  'grant select on risk.person, risk.inference, risk.timeline, risk.infection_source to haat_risk',
  'grant select, insert on risk.access_log to haat_risk',
  'grant select, insert on risk.person, risk.contact, risk.test, risk.symptom to haat_risk_task',
  'grant select, insert, delete on risk.inference, risk.timeline, risk.infection_source to haat_risk_task',
  'grant usage on sequence risk.person_number to haat_risk_task',
  'grant maintain on risk.person, risk.contact, risk.test, risk.symptom, risk.timeline to haat_risk_task',
  ...domainAccess('risk'),
  ...auditAccess('risk'),
  ...registryAccess('risk'),
  ...revisionAccess('risk'),
  ...servingAccess('risk'),
];

const down = [
  ...revokeServingAccess('risk'),
  ...revokeRevisionAccess('risk'),
  ...revokeRegistryAccess('risk'),
  ...revokeAuditAccess('risk'),
  'drop schema risk cascade',
  ...revokeDomainAccess('risk'),
];
