import { inOrder, Quarantine, type Policy, type Today } from './policy.ts';
import type { PolicySetting } from '../model/index.ts';

type SettingOf<K extends PolicySetting['kind']> = Extract<PolicySetting, { readonly kind: K }>;

/** Nothing is done. */
export function noPolicy(persons: number): Policy {
  const nobody = new Uint8Array(persons);
  return { whomToTest: () => [], whoIsApart: () => nobody };
}

/** Tests of who reports; who is positive is kept apart. */
export function symptomPolicy({ quarantineDays }: SettingOf<'symptoms'>, persons: number): Policy {
  const quarantine = new Quarantine(persons);
  return {
    whomToTest: ({ reports }) => reports,
    whoIsApart: ({ day, results }) => {
      for (const { person, positive } of results) if (positive) quarantine.keep(person, day, quarantineDays);
      return quarantine.on(day);
    },
  };
}

/** The same, and contacts of who is positive are kept apart and tested with what tests are left. */
export function tracingPolicy({ quarantineDays, lookBack, depth }: SettingOf<'tracing'>, persons: number): Policy {
  const quarantine = new Quarantine(persons);
  let traced: ReadonlySet<number> = new Set();
  return {
    whomToTest: ({ reports }) => inOrder(reports, traced),
    whoIsApart: (today) => {
      const positive = new Set(today.results.filter((result) => result.positive).map(({ person }) => person));
      const found = new Set(positive);
      for (let step = 0; step < depth; step++) addContacts(found, today, lookBack);
      for (const person of found) quarantine.keep(person, today.day, quarantineDays);
      traced = new Set([...found].filter((person) => !positive.has(person)));
      return quarantine.on(today.day);
    },
  };
}

/** Adds whom any of the persons met in the last days. */
function addContacts(persons: Set<number>, { contacts }: Today, lookBack: number): void {
  const before = new Set(persons);
  for (const { rows, from, to } of contacts.slice(-lookBack)) {
    for (let row = 0; row < rows; row++) {
      if (before.has(from[row]!)) persons.add(to[row]!);
      if (before.has(to[row]!)) persons.add(from[row]!);
    }
  }
}
