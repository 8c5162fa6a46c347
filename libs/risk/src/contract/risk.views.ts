import { defineFeatureView } from '@haat/features';

/** Who is known, by pseudonym. */
export const personView = defineFeatureView({
  name: 'risk/person',
  title: 'Persons',
  doc: 'Pseudonymous persons. Nothing else of them is kept.',
  table: 'risk.person',
  key: ['person_id'],
  eventTime: { column: 'valid_from', type: 'timestamptz' },
  reading: 'latest',
  facts: {
    number: { type: 'number', unit: '1', doc: 'What stands for the person in the other tables' },
    region: { type: 'number', unit: '1', doc: 'Region, for the rate of infection from outside' },
    reports: { type: 'flag', unit: '1', doc: 'Would report symptoms' },
  },
  freshDays: 3650,
});

/** Who met whom. */
export const contactView = defineFeatureView({
  name: 'risk/contact',
  title: 'Contacts',
  doc: 'Contacts of two persons on a day by channel. A row with 0 units takes back the one before.',
  table: 'risk.contact',
  key: ['from_person', 'to_person', 'channel', 'mutual'],
  eventTime: { column: 'day', type: 'date' },
  reading: 'total',
  facts: { units: { type: 'number', unit: '15 min', doc: 'Time within two metres, weighted by distance' } },
  freshDays: 14,
});

/** What tests said. */
export const testView = defineFeatureView({
  name: 'risk/test',
  title: 'Tests',
  doc: 'Tests of a person. A further row of the same test and day corrects it, or takes it back.',
  table: 'risk.test',
  key: ['test_id'],
  eventTime: { column: 'day', type: 'date' },
  reading: 'total',
  facts: {
    person: { type: 'number', unit: '1', doc: 'Who was tested' },
    kind: { type: 'number', unit: '1', doc: 'Kind of the test' },
    result: { type: 'number', unit: '1', doc: 'Negative, positive or retracted' },
  },
  freshDays: 28,
});

/** Who reported symptoms. */
export const symptomView = defineFeatureView({
  name: 'risk/symptom',
  title: 'Symptoms',
  doc: 'Reports of symptoms. A further row of the same person and day takes a report back, or renews it.',
  table: 'risk.symptom',
  key: ['person'],
  eventTime: { column: 'day', type: 'date' },
  reading: 'total',
  facts: { reported: { type: 'flag', unit: '1', doc: 'Whether symptoms were reported' } },
  freshDays: 28,
});
