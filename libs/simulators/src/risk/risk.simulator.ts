import { RandomStream } from '../random/random.stream.ts';
import { simulatorError } from '../simulators.errors.ts';
import { riskConstants, type SimulatedChannel } from './risk.constants.ts';
import { placesOf, type Places } from './risk.places.ts';

export interface RiskWorldOptions {
  readonly seed: number;
  readonly persons: number;
  readonly days: number;
  /** The last day, YYYY-MM-DD. */
  readonly lastDay: string;
  /** Persons who are in E on the first day. */
  readonly infected: number;
}

/** What happened and what was observed of it, by position of the person and day since the first. */
export interface RiskWorld extends RiskWorldOptions {
  readonly contacts: readonly SimulatedContact[];
  readonly tests: readonly { readonly person: number; readonly day: number; readonly positive: boolean }[];
  readonly symptoms: readonly { readonly person: number; readonly day: number }[];
  readonly truth: {
    /** First day in E, I and R of each person; `days` where it is none. */
    readonly exposed: Int32Array;
    readonly infectious: Int32Array;
    readonly removed: Int32Array;
    /** Who infected each; -1: from outside, or not at all. */
    readonly by: Int32Array;
  };
}

export interface SimulatedContact {
  readonly from: number;
  readonly to: number;
  readonly day: number;
  readonly channel: SimulatedChannel;
}

/** What draws are for. The numbers are part of what a seed means: never reuse one. */
const purposes = { places: 21, contacts: 22, course: 23, infection: 24, observation: 25 } as const;

/**
 * An outbreak among persons of households and workplaces: who met whom, who infected whom, and what tests and reports tell of it.
 * The same options give the same world. Errors: INVALID_WORLD where a number is out of its range.
 */
export function simulateRisk(options: RiskWorldOptions): RiskWorld {
  const { seed, persons, days, infected } = options;
  requireRange('persons', persons, 2, 1_000_000);
  requireRange('days', days, 2, 254);
  requireRange('infected', infected, 0, persons);
  const places = placesOf(persons, new RandomStream(seed, purposes.places, 0));
  const course = new Course(options);
  for (let person = 0; person < infected; person++) course.infect(person, 0, -1);
  const contacts: SimulatedContact[] = [];
  for (let day = 0; day < days; day++) {
    const met = contactsOf(seed, day, places);
    course.spread(day, met);
    for (const one of met) contacts.push(one);
  }
  return { ...options, contacts, ...observe(options, course), truth: course };
}

function requireRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw simulatorError('INVALID_WORLD', `${name}: expected a whole number from ${least} to ${most}, got ${value}`, {
    field: name,
  });
}

/** Who meets whom on a day: households as wholes, some colleagues, some others. */
function contactsOf(seed: number, day: number, { households, workplaces, workplaceOf }: Places): SimulatedContact[] {
  const met: SimulatedContact[] = [];
  const random = new RandomStream(seed, purposes.contacts, day);
  for (const members of households) {
    members.forEach((from, k) => {
      for (const to of members.slice(k + 1)) met.push({ from, to, day, channel: 'household' });
    });
  }
  const pairs = new Set<number>();
  const meet = (from: number, to: number, channel: SimulatedChannel) => {
    const pair = Math.min(from, to) * workplaceOf.length + Math.max(from, to);
    if (from === to || pairs.has(pair)) return;
    pairs.add(pair);
    met.push({ from, to, day, channel });
  };
  workplaceOf.forEach((at, person) => {
    const colleagues = workplaces[at]!;
    for (let k = 0; k < riskConstants.colleagues; k++)
      meet(person, colleagues[random.below(colleagues.length)]!, 'work');
    if (random.chance(riskConstants.leisure)) meet(person, random.below(workplaceOf.length), 'leisure');
  });
  return met;
}

/** What becomes of persons as days pass. */
class Course {
  readonly exposed: Int32Array;
  readonly infectious: Int32Array;
  readonly removed: Int32Array;
  readonly by: Int32Array;

  constructor(private readonly options: RiskWorldOptions) {
    const { persons, days } = options;
    this.exposed = new Int32Array(persons).fill(days);
    this.infectious = new Int32Array(persons).fill(days);
    this.removed = new Int32Array(persons).fill(days);
    this.by = new Int32Array(persons).fill(-1);
  }

  infect(person: number, day: number, by: number): void {
    const { seed, days } = this.options;
    if (this.exposed[person]! < days) return;
    const random = new RandomStream(seed, purposes.course, person);
    const infectious = day + drawn(riskConstants.exposed, random.uniform());
    this.exposed[person] = day;
    this.infectious[person] = Math.min(days, infectious);
    this.removed[person] = Math.min(days, infectious + drawn(riskConstants.infectious, random.uniform()));
    this.by[person] = by;
  }

  /** Contacts of a day infect for the day after; so does the outside. */
  spread(day: number, met: readonly SimulatedContact[]): void {
    const { seed, persons, days } = this.options;
    if (day + 1 >= days) return;
    const random = new RandomStream(seed, purposes.infection, day);
    for (const { from, to, channel } of met) {
      const { units, transmission } = riskConstants.channels[channel];
      const share = 1 - (1 - transmission) ** units;
      for (const [source, target] of [
        [from, to],
        [to, from],
      ] as const) {
        if (day >= this.infectious[source]! && day < this.removed[source]! && random.chance(share)) {
          this.infect(target, day + 1, source);
        }
      }
    }
    for (let person = 0; person < persons; person++) {
      if (random.chance(riskConstants.external)) this.infect(person, day + 1, -1);
    }
  }
}

/** A duration by its distribution. */
function drawn(shares: readonly number[], uniform: number): number {
  let left = uniform;
  for (const [days, share] of shares.entries()) {
    left -= share;
    if (left < 0) return days;
  }
  return shares.length - 1;
}

/** What tests and reports tell: reports at onset or by mistake, tests after reports and now and then. */
function observe(
  { seed, persons, days }: RiskWorldOptions,
  { infectious, removed }: Course,
): Pick<RiskWorld, 'tests' | 'symptoms'> {
  const { reported, falseReports, testedAfterReport, testedAnyway, pcr } = riskConstants;
  const tests: { person: number; day: number; positive: boolean }[] = [];
  const symptoms: { person: number; day: number }[] = [];
  for (let person = 0; person < persons; person++) {
    const random = new RandomStream(seed, purposes.observation, person);
    let wanted = -1;
    for (let day = 0; day < days; day++) {
      const isInfectious = day >= infectious[person]! && day < removed[person]!;
      const anyway = random.chance(testedAnyway);
      if (anyway || day === wanted) {
        tests.push({ person, day, positive: random.chance(isInfectious ? pcr.infected : pcr.uninfected) });
      }
      if (!random.chance(day === infectious[person] ? reported : falseReports)) continue;
      symptoms.push({ person, day });
      if (random.chance(testedAfterReport)) wanted = day + 1;
    }
  }
  return { tests, symptoms };
}
