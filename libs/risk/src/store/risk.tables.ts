import type { FolderTables, TableDefinition } from '@haat/data-access';

import {
  contactRecordSchema,
  parseRiskRecord,
  personRecordSchema,
  symptomRecordSchema,
  testRecordSchema,
  type ContactRecord,
  type PersonRecord,
  type SymptomRecord,
  type TestRecord,
} from '../contract/index.ts';

/** `persons`: one row a person. */
export const personTable: TableDefinition<PersonRecord> = {
  name: 'persons',
  columns: {
    person_id: { kind: 'text' },
    region: { kind: 'number', optional: true },
    reports: { kind: 'boolean', optional: true },
  },
  parse: (raw) => parseRiskRecord(personRecordSchema, raw),
  key: (row) => [row.person_id],
  keyColumns: ['person_id'],
};

/** `contacts`: one row for each pair, day and channel; for a mutual contact in either order of the two. */
export const contactTable: TableDefinition<ContactRecord> = {
  name: 'contacts',
  columns: {
    from_id: { kind: 'text' },
    to_id: { kind: 'text' },
    day: { kind: 'text' },
    channel: { kind: 'text', optional: true },
    units: { kind: 'number' },
    mutual: { kind: 'boolean', optional: true },
  },
  parse: (raw) => parseRiskRecord(contactRecordSchema, raw),
  key: ({ from_id: from, to_id: to, day, channel, mutual }) => {
    const pair = mutual && to < from ? [to, from] : [from, to];
    return [...pair, day, channel, mutual ? 'mutual' : 'directed'];
  },
  keyColumns: ['from_id', 'to_id', 'day', 'channel', 'mutual'],
};

/** `tests`: one row a test. */
export const testTable: TableDefinition<TestRecord> = {
  name: 'tests',
  columns: {
    test_id: { kind: 'text' },
    person_id: { kind: 'text' },
    day: { kind: 'text' },
    kind: { kind: 'text' },
    result: { kind: 'text' },
  },
  parse: (raw) => parseRiskRecord(testRecordSchema, raw),
  key: (row) => [row.test_id, row.day],
  keyColumns: ['test_id', 'day'],
};

/** `symptoms`: one row for each person and day with a report. */
export const symptomTable: TableDefinition<SymptomRecord> = {
  name: 'symptoms',
  columns: {
    person_id: { kind: 'text' },
    day: { kind: 'text' },
    reported: { kind: 'boolean', optional: true },
  },
  parse: (raw) => parseRiskRecord(symptomRecordSchema, raw),
  key: (row) => [row.person_id, row.day],
  keyColumns: ['person_id', 'day'],
};

export const riskTables = [personTable, contactTable, testTable, symptomTable];

export const riskFolder: FolderTables = { domain: 'risk', tables: riskTables };
