import type { ImportTarget } from '@haat/data-access';

import {
  contactChannels,
  testKinds,
  testResults,
  type ContactRecord,
  type PersonRecord,
  type SymptomRecord,
  type TestRecord,
} from '../contract/index.ts';
import type { PersonNumbers } from './person.numbers.ts';

/** Somebody whose facts are what they were gets no new row; who is new gets the next number. */
export function personTarget(validFrom: Date): ImportTarget<PersonRecord> {
  return {
    domain: 'risk',
    table: 'persons',
    staging: { person_id: 'text collate "C"', valid_from: 'timestamptz', region: 'integer', reports: 'boolean' },
    values: ({ person_id: id, region, reports }) => [id, validFrom, region, reports],
    into: 'risk.person (person_id, valid_from, revision, number, region, reports)',
    changes: `select staging.person_id, staging.valid_from, $1::bigint,
        coalesce(known.number, nextval('risk.person_number')), staging.region, staging.reports
      from pg_temp.staging
      left join lateral (select number from risk.person where person_id = staging.person_id limit 1) known on true
      left join lateral (
        select region, reports from risk.person where person_id = staging.person_id and valid_from <= staging.valid_from
        order by valid_from desc, revision desc limit 1
      ) newest on true
      where newest.region is null or (newest.region, newest.reports) is distinct from (staging.region, staging.reports)`,
  };
}

/** A contact that is as it was is left out; 0 units of one that never was are nothing to take back. */
export function contactTarget(numbers: PersonNumbers): ImportTarget<ContactRecord> {
  return {
    domain: 'risk',
    table: 'contacts',
    staging: {
      day: 'date',
      from_person: 'integer',
      to_person: 'integer',
      channel: 'smallint',
      mutual: 'boolean',
      units: 'integer',
    },
    values: ({ from_id: fromId, to_id: toId, day, channel, mutual, units }) => {
      const [from, to] = [numbers.of(fromId), numbers.of(toId)];
      const [first, second] = mutual && to < from ? [to, from] : [from, to];
      return [day, first, second, contactChannels.indexOf(channel), mutual, units];
    },
    into: 'risk.contact (day, from_person, to_person, channel, mutual, units, revision)',
    changes: `select staging.*, $1::bigint from pg_temp.staging
      left join lateral (
        select units from risk.contact c where c.day = staging.day and c.from_person = staging.from_person
          and c.to_person = staging.to_person and c.channel = staging.channel and c.mutual = staging.mutual
        order by revision desc limit 1
      ) newest on true
      where coalesce(newest.units, 0) <> staging.units`,
  };
}

export function testTarget(numbers: PersonNumbers): ImportTarget<TestRecord> {
  return {
    domain: 'risk',
    table: 'tests',
    staging: { test_id: 'text collate "C"', day: 'date', person: 'integer', kind: 'smallint', result: 'smallint' },
    values: ({ test_id: id, person_id: person, day, kind, result }) => [
      id,
      day,
      numbers.of(person),
      testKinds.indexOf(kind),
      testResults.indexOf(result),
    ],
    into: 'risk.test (test_id, day, person, kind, result, revision)',
    changes: `select staging.*, $1::bigint from pg_temp.staging
      left join lateral (
        select person, kind, result from risk.test t where t.day = staging.day and t.test_id = staging.test_id
        order by revision desc limit 1
      ) newest on true
      where newest.person is null
        or (newest.person, newest.kind, newest.result) is distinct from (staging.person, staging.kind, staging.result)`,
  };
}

export function symptomTarget(numbers: PersonNumbers): ImportTarget<SymptomRecord> {
  return {
    domain: 'risk',
    table: 'symptoms',
    staging: { person: 'integer', day: 'date', reported: 'boolean' },
    values: ({ person_id: person, day, reported }) => [numbers.of(person), day, reported],
    into: 'risk.symptom (person, day, reported, revision)',
    changes: `select staging.*, $1::bigint from pg_temp.staging
      left join lateral (
        select reported from risk.symptom s where s.day = staging.day and s.person = staging.person
        order by revision desc limit 1
      ) newest on true
      where coalesce(newest.reported, false) <> staging.reported`,
  };
}
