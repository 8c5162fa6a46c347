import type { RiskSource } from '../contract/index.ts';
import { personDayFeatures, personDays, type PersonDraw } from '../features/index.ts';
import { readFacts } from '../store/index.ts';

/** Days of a profile, the last being its own: each day of the week once. */
const WEEK = 7;

/** What goes into inference of transmission, person by person and day by day, beside what a version learned from. */
export function transmissionInputs(source: RiskSource) {
  return {
    features: personDayFeatures,
    async reference(file: string, draw: PersonDraw) {
      return personDays(await readFacts(file), draw);
    },
    /** The week up to a day, as it is known now; no row where nothing was observed on the day itself. */
    async day(day: string, draw: PersonDraw) {
      const at = await source.horizon(new Date(`${day}T23:59:59.999Z`));
      const facts = await source.facts({ ...at, days: WEEK });
      const came = [...facts.contacts, facts.tests, facts.symptoms].some((rows) => rows.day.includes(WEEK - 1));
      return personDays(facts, came ? draw : { ...draw, rows: 0 });
    },
  };
}
