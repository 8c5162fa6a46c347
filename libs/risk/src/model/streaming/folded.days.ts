import type { InitialColumns, RiskProblem } from '../../contract/index.ts';
import { entryAt } from '../contacts/contact.entries.ts';
import { contactIndex } from '../contacts/contact.index.ts';
import { durationsOf } from '../durations.ts';
import { externalRates } from '../external.rates.ts';
import { exposureUnits } from '../exposure.units.ts';
import { startsOf } from '../starts.ts';
import { StateFilter } from './state.filter.ts';

/** A state less probable than this stands in one row, at its mean age, where the caller does not say otherwise. */
const COARSE = 1e-3;
/** Rows less probable than this are left out: they count as S. */
const NEGLIGIBLE = 1e-9;

/**
 * What is known of the first day that is left when the first `fold` days of a problem are no longer looked at: for each person its state and since when, given what was known
 * before, its own tests and reports of those days, and whom it met on them. What is observed later of the person itself is not in it, for that counts in the window that
 * begins then; of those whom it met it is, by `infectious`.
 *
 * One person after the other (assumed density: Boyen and Koller, UAI 1998): what is lost are the ties between persons at the cut.
 *
 * @param infectious [persons, fold]: P(I) of each person on each of these days, given everything
 * @param coarse a state less probable than this stands in one row of the answer, at its mean age
 */
export function foldedDays(
  problem: RiskProblem,
  fold: number,
  infectious: Float32Array | Float64Array,
  coarse = COARSE,
): InitialColumns {
  const { persons, region } = problem;
  const escape = escapesOf(problem, fold, infectious);
  const rates = externalRates(problem);
  const starts = startsOf(problem);
  const filter = new StateFilter(problem);
  const rows = new StartRows(coarse);
  for (let person = 0; person < persons; person++) {
    const rate = rates[region?.[person] ?? 0]!;
    filter.begin(starts.get(person), rate[0]!);
    for (let day = 0; day < fold; day++) {
      filter.observe(person, day);
      filter.pass((1 - rate[day + 1]!) * escape[person * fold + day]!);
    }
    rows.add(person, 1, filter.exposed);
    rows.add(person, 2, filter.infectious);
    rows.add(person, 3, Float64Array.of(filter.removed));
  }
  return rows.columns();
}

/** [persons, fold]: P(escape of all contacts of a day). Infectivity that changes counts by its mean over the days of being infectious. */
function escapesOf(problem: RiskProblem, fold: number, infectious: Float32Array | Float64Array): Float64Array {
  const { persons, parameters, contacts } = problem;
  const days = fold + 1;
  const index = contactIndex({ persons, days, parameters, contacts });
  const { start, low, high, classBits } = index;
  const { units, unit, phases, classes } = exposureUnits(parameters, index);
  const { tail, longest } = durationsOf(parameters.infectious);
  const lasting = Array.from({ length: longest }, (_, age) => tail[age + 1]!);
  const mean = lasting.reduce((sum, one) => sum + one, 0);
  const share = phases.map(({ from, to }) => lasting.slice(from, to).reduce((sum, one) => sum + one, 0) / mean);
  const infects = Float64Array.from({ length: classes }, (_, kind) =>
    share.reduce((sum, of, phase) => sum - of * Math.expm1(-units[phase * classes + kind]! * unit), 0),
  );
  const mask = 2 ** classBits - 1;
  const escape = new Float64Array(persons * fold).fill(1);
  for (let person = 0; person < persons; person++) {
    for (let day = 0; day < fold; day++) {
      const p = infectious[person * fold + day]!;
      if (p === 0) continue;
      const cell = person * days + day;
      for (let k = start[cell]!; k < start[cell + 1]!; k++) {
        const entry = entryAt(low, high, k);
        escape[(entry >>> classBits) * fold + day]! *= 1 - p * infects[entry & mask]!;
      }
    }
  }
  return escape;
}

/** Rows of initial states as they come. */
class StartRows {
  readonly #person: number[] = [];
  readonly #state: number[] = [];
  readonly #age: number[] = [];
  readonly #probability: number[] = [];

  constructor(private readonly coarse: number) {}

  /** @param byAge P(state, entered so many days ago) */
  add(person: number, state: number, byAge: Float64Array): void {
    let sum = 0;
    let moment = 0;
    byAge.forEach((p, age) => {
      sum += p;
      moment += p * age;
    });
    if (sum < NEGLIGIBLE) return;
    if (sum < this.coarse) return this.#push(person, state, Math.round(moment / sum), sum);
    byAge.forEach((p, age) => p >= NEGLIGIBLE && this.#push(person, state, age, p));
  }

  columns(): InitialColumns {
    return {
      rows: this.#person.length,
      person: Uint32Array.from(this.#person),
      state: Uint8Array.from(this.#state),
      age: Uint8Array.from(this.#age),
      probability: Float64Array.from(this.#probability),
    };
  }

  #push(person: number, state: number, age: number, probability: number): void {
    this.#person.push(person);
    this.#state.push(state);
    this.#age.push(age);
    this.#probability.push(probability);
  }
}
