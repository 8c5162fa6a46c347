import { ContactPlan } from './contact.plan.ts';
import { drawFates, type Fates } from './fates.ts';
import { checkedOutbreak, requireKind } from './outbreak.options.ts';
import { outbreakStream } from './outbreak.streams.ts';
import type { ObservedOutbreak, OutbreakContacts, OutbreakOptions, OutbreakTruth } from './outbreak.world.ts';

const OUTSIDE = -1;
const NOBODY = -2;

/**
 * An outbreak, day by day. On each day: who reports (`reports`), whom one tests (`test`), who is kept apart while the others meet
 * (`meet`, which ends the day). Chance is a function of (seed, thing): two policies on one seed meet the same persons, plans and test errors, and
 * differ by what they do alone.
 */
export class Outbreak {
  readonly persons: number;
  readonly days: number;
  /** [persons]: 1 for who has the app. */
  readonly app: Uint8Array;
  readonly #options: Required<OutbreakOptions>;
  readonly #plan: ContactPlan;
  readonly #fates: Fates;
  readonly #weights: Float64Array;
  readonly #outside: readonly Float64Array[];
  readonly #region: Uint16Array | null;
  readonly #received: Float64Array;
  readonly #exposed: Uint16Array;
  readonly #infectious: Uint16Array;
  readonly #removed: Uint16Array;
  readonly #source: Int32Array;
  readonly #due: Set<number>[];
  readonly #recorded: OutbreakContacts[] = [];
  readonly #tests = { person: [] as number[], day: [] as number[], kind: [] as number[], positive: [] as number[] };
  #day = 0;

  /** @throws INVALID_WORLD for an option out of its range */
  constructor(options: OutbreakOptions) {
    this.#options = checkedOutbreak(options);
    const { seed, persons, days, parameters, meetings } = this.#options;
    this.persons = persons;
    this.days = days;
    this.#plan = new ContactPlan(seed, persons, meetings);
    this.#fates = drawFates(this.#options);
    this.app = this.#fates.app;
    this.#weights = Float64Array.from(parameters.channels, ({ probability }) => -Math.log1p(-probability));
    const { external } = parameters;
    const rates = typeof external === 'number' ? [new Array<number>(days).fill(external)] : external;
    this.#outside = rates.map((byDay) => Float64Array.from(byDay, (rate) => -Math.log1p(-rate)));
    this.#region =
      typeof external === 'number' ? null : Uint16Array.from({ length: persons }, (_, person) => person % rates.length);
    this.#received = new Float64Array(persons);
    this.#exposed = new Uint16Array(persons).fill(days);
    this.#infectious = new Uint16Array(persons).fill(days);
    this.#removed = new Uint16Array(persons).fill(days);
    this.#source = new Int32Array(persons).fill(NOBODY);
    this.#due = this.#fates.falseReports.map((who) => new Set(who));
    this.#begin(null);
  }

  /** The present day. */
  get day(): number {
    return this.#day;
  }

  /** Recorded contacts of the days that have ended, a piece a day. */
  get recorded(): readonly OutbreakContacts[] {
    return this.#recorded;
  }

  /** Persons who report symptoms today, ascending. */
  reports(): readonly number[] {
    return [...this.#due[this.#day]!].sort((a, b) => a - b);
  }

  /**
   * Tests a person today and says whether the result is positive. The same person, day and kind have one result.
   *
   * @throws INVALID_WORLD for an unknown kind
   */
  test(person: number, kind = 0): boolean {
    const day = this.#day;
    requireKind(this.#options.parameters, kind);
    const stream = outbreakStream(this.#options.seed, 'tests', person * 256 + day);
    for (let skipped = 0; skipped < kind; skipped++) stream.uniform();
    const positive = stream.chance(this.#positive(person, kind));
    this.#tests.person.push(person);
    this.#tests.day.push(day);
    this.#tests.kind.push(kind);
    this.#tests.positive.push(positive ? 1 : 0);
    return positive;
  }

  /**
   * Lets everybody meet who is not apart, and begins the next day. False where there is none: the outbreak is over.
   *
   * @param apart [persons]: 1 for who meets nobody today; null: nobody is kept apart
   */
  meet(apart: Uint8Array | null = null): boolean {
    const planned = this.#plan.on(this.#day);
    const met = apart ? rowsOf(planned, (from, to) => apart[from] === 0 && apart[to] === 0) : planned;
    const { app } = this;
    const everybody = this.#options.adoption === 1;
    this.#recorded.push(everybody ? met : rowsOf(met, (from, to) => app[from] === 1 && app[to] === 1));
    if (this.#day === this.days - 1) return false;
    this.#day++;
    this.#begin(met);
    return true;
  }

  /** What has been seen up to now: recorded contacts, tests and reports of the days that have ended, and tests and reports of today. */
  observed(): ObservedOutbreak {
    const reports = this.#due.slice(0, this.#day + 1).map((who) => [...who].sort((a, b) => a - b));
    const { person, day, kind, positive } = this.#tests;
    return {
      persons: this.persons,
      days: this.#day + 1,
      parameters: this.#options.parameters,
      region: this.#region,
      contacts: [...this.#recorded],
      tests: {
        rows: person.length,
        person: Uint32Array.from(person),
        day: Uint8Array.from(day),
        kind: Uint8Array.from(kind),
        positive: Uint8Array.from(positive),
      },
      symptoms: {
        rows: reports.reduce((sum, { length }) => sum + length, 0),
        person: Uint32Array.from(reports.flat()),
        day: Uint8Array.from(reports.flatMap((who, on) => who.map(() => on))),
      },
      reporting: this.app.slice(),
    };
  }

  /** What has really happened up to now; of who is infected already, also what is to come. */
  truth(): OutbreakTruth {
    return {
      exposed: this.#exposed.slice(),
      infectious: this.#infectious.slice(),
      removed: this.#removed.slice(),
      source: this.#source.slice(),
    };
  }

  #positive(person: number, kind: number): number {
    const test = this.#options.parameters.tests[kind]!;
    const day = this.#day;
    const since = day - this.#exposed[person]!;
    if ('positive' in test) {
      if (since < 0) return test.positive.S;
      if (day < this.#infectious[person]!) return test.positive.E;
      return day < this.#removed[person]! ? test.positive.I : test.positive.R;
    }
    return since < 0 ? test.uninfected : test.sinceInfection[Math.min(since, test.sinceInfection.length - 1)]!;
  }

  /** Infects who has received enough on the way to the present day. */
  #begin(met: OutbreakContacts | null): void {
    const day = this.#day;
    const exposure = new Float64Array(this.persons);
    if (met) this.#expose(met, (_, to, nat) => (exposure[to]! += nat));
    const infected = new Map<number, number>();
    for (let person = 0; person < this.persons; person++) {
      if (this.#exposed[person]! < day) continue;
      const outside = this.#outside[this.#region?.[person] ?? 0]![day]!;
      const total = outside + exposure[person]!;
      this.#received[person]! += total;
      if (this.#received[person]! < this.#fates.threshold[person]!) continue;
      infected.set(person, this.#fates.blame[person]! * total - outside);
    }
    for (const person of infected.keys()) this.#source[person] = OUTSIDE;
    if (met) this.#blame(met, infected);
    for (const person of infected.keys()) this.#infect(person);
  }

  /** Finds who is to blame: of the exposures of a person in order, the one in which its share falls. */
  #blame(met: OutbreakContacts, infected: Map<number, number>): void {
    this.#expose(met, (from, to, nat) => {
      const left = infected.get(to);
      if (left === undefined || left < 0) return;
      this.#source[to] = from;
      infected.set(to, left - nat);
    });
  }

  /** Each exposure of somebody susceptible by yesterday's contacts, nat. */
  #expose(
    { rows, from, to, channel, count }: OutbreakContacts,
    visit: (from: number, to: number, nat: number) => void,
  ) {
    for (let row = 0; row < rows; row++) {
      const [a, b] = [from[row]!, to[row]!];
      const nat = this.#weights[channel[row]!]! * count[row]!;
      const [ofA, ofB] = [this.#infectivity(a), this.#infectivity(b)];
      if (ofA > 0 && this.#susceptible(b)) visit(a, b, nat * ofA);
      if (ofB > 0 && this.#susceptible(a)) visit(b, a, nat * ofB);
    }
  }

  #susceptible(person: number): boolean {
    return this.#exposed[person]! >= this.#day;
  }

  /** Factor on the exposures by a person yesterday; 0: it was not infectious. */
  #infectivity(person: number): number {
    const day = this.#day - 1;
    const age = day - this.#infectious[person]!;
    if (age < 0 || day >= this.#removed[person]!) return 0;
    const { infectivity } = this.#options.parameters;
    return infectivity[Math.min(age, infectivity.length - 1)]!;
  }

  #infect(person: number): void {
    const { days } = this;
    const infectious = this.#day + this.#fates.exposed[person]!;
    this.#exposed[person] = this.#day;
    this.#infectious[person] = Math.min(days, infectious);
    this.#removed[person] = Math.min(days, infectious + this.#fates.infectious[person]!);
    const after = this.#fates.reportAfter[person]!;
    if (after >= 0 && infectious + after < days) this.#due[infectious + after]!.add(person);
  }
}

/** The rows of contacts whose persons pass. */
function rowsOf(contacts: OutbreakContacts, passes: (from: number, to: number) => boolean): OutbreakContacts {
  const { from, to, day, channel, count, mutual } = contacts;
  const kept = new Uint8Array(contacts.rows);
  let rows = 0;
  for (let row = 0; row < contacts.rows; row++) rows += kept[row] = passes(from[row]!, to[row]!) ? 1 : 0;
  const those = (_: number, row: number) => kept[row] === 1;
  return {
    rows,
    from: from.filter(those),
    to: to.filter(those),
    day: day.filter(those),
    channel: channel.filter(those),
    count: count.filter(those),
    mutual: mutual.filter(those),
  };
}
