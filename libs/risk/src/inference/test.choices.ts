import {
  MOST_CHOICES,
  personRoles,
  testKinds,
  type KindChoices,
  type RiskFacts,
  type RiskParameters,
} from '../contract/index.ts';
import { entryAt, onwardInfections, testAllocation, type Population, type TrajectorySamples } from '../model/index.ts';

/** Days of contacts that stand for those to come, and for who lives together; days to come that count. */
const LOOK_BACK = 7;
const HORIZON = 14;

/** Days for which who tested positive is taken to be kept apart. */
const KNOWN_DAYS = 14;

/**
 * Whom to test next, by kind of test: those that avert most, in an order whose first n are the choice of n. A positive test keeps a household apart. Who tested
 * positive lately is kept apart already and is not chosen, nor is who is infected in no sample, nor whom a part does not answer for. O(samples * (persons + contacts of the last days)).
 */
export function testChoices(
  facts: RiskFacts,
  population: Population,
  parameters: RiskParameters,
  samples: TrajectorySamples,
): readonly KindChoices[] {
  const { persons, days } = population;
  const { beginning } = facts;
  const onward = onwardInfections(population, parameters, samples, { lookBack: LOOK_BACK, horizon: HORIZON });
  const apart = knownPositive(facts, days);
  const home = parameters.channels.findIndex(({ name }) => name === 'household');
  const worth = new Float64Array(persons);
  for (let at = 0, person = 0; at < onward.length; at++, person = at % persons) {
    if (apart[person] === 1) onward[at] = 0;
    worth[person]! += onward[at]!;
  }
  return parameters.tests.map((kind) => ({
    kind: testKinds.findIndex((name) => name === kind.name),
    choices: testAllocation({
      samples,
      onward,
      kind,
      capacity: MOST_CHOICES,
      circle: (person) => householdOf(population, home, person),
      eligible: (person) =>
        worth[person]! > 0 && (beginning?.role[person] ?? personRoles.answered) === personRoles.answered,
    }),
  }));
}

/** [persons]: 1 for who tested positive in the last days. */
function knownPositive({ persons, tests }: RiskFacts, days: number): Uint8Array {
  const known = new Uint8Array(persons.id.length);
  for (let row = 0; row < tests.rows; row++)
    if (tests.positive[row] === 1 && tests.day[row]! >= days - KNOWN_DAYS) known[tests.person[row]!] = 1;
  return known;
}

/** Whom a person met at home in the last days. */
function householdOf({ days, contacts }: Population, home: number, person: number): readonly number[] {
  const { start, low, high, classBits, exposures, channels } = contacts;
  const met = new Set<number>();
  const last = (person + 1) * days;
  for (let k = start[last - Math.min(days, LOOK_BACK)]!; k < start[last]!; k++) {
    const entry = entryAt(low, high, k);
    const kind = entry & (2 ** classBits - 1);
    if (home >= 0 && exposures[kind * channels + home]! > 0) met.add(entry >>> classBits);
  }
  return [...met];
}
