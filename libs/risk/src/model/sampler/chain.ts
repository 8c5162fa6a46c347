import { entryAt } from '../contacts/contact.entries.ts';
import { expNegative } from '../fast.exp.ts';
import { threefry, uniformOf } from '../random/threefry.ts';
import { ChainState } from './chain.state.ts';
import type { Conditional } from './conditional.ts';
import { LinearConditional } from './linear.conditional.ts';
import { LogConditional } from './log.conditional.ts';
import type { Population } from './population.ts';
import { Surroundings } from './surroundings.ts';

/** What numbers of one key are for: no two purposes share one. */
const purpose = { update: 0, group: 1, start: 2 } as const;

/** Share of persons that a scattered start infects. */
const SCATTERED = 0.2;

/** Exponent of the odds of infection in proposals for groups. */
const FLATTENED = 0.5;

/** A draw from the bound alone is taken this far below it, so that rounding never makes it another than the whole recursion's. */
const BELOW_BOUND = 1 - 1e-9;

/** First days in E, I and R, and the days of being infectious before the window. */
type TraceOf = readonly [exposed: number, infectious: number, removed: number, lead: number];

/** Removed from the start: acts on nobody, and nobody on it. */
const ABSENT: TraceOf = [0, 0, 0, 0];

/** Called with the law of each person from which a sweep draws. */
export type SeeMarginals = (person: number, law: Conditional) => void;

/**
 * A Markov chain over the trajectories of a population, whose law is that of all trajectories given all that is observed. Every number of chance is a
 * function of seed, chain, sweep and person: a chain is the same wherever, beside whatever and after whichever pause it runs.
 */
export class RiskChain {
  readonly state: ChainState;
  readonly population: Population;
  readonly #surroundings: Surroundings;
  readonly #linear: LinearConditional;
  readonly #logarithmic: LogConditional;
  /** Two words of key for each purpose. */
  readonly #keys: Int32Array;
  readonly #words = new Int32Array(2);

  /**
   * @param seed non-negative safe integer
   * @param chain its number; even ones start with everybody in S, odd ones with a fifth infected at random days
   */
  constructor(population: Population, seed: number, chain: number) {
    this.population = population;
    this.state = new ChainState(population);
    this.#surroundings = new Surroundings(this.state);
    this.#linear = new LinearConditional(population);
    this.#logarithmic = new LogConditional(population);
    this.#keys = new Int32Array(6);
    for (const each of Object.values(purpose)) {
      threefry(this.#words, seed | 0, Math.floor(seed / 0x1_0000_0000), chain, each);
      this.#keys.set(this.#words, each * 2);
    }
    if (chain % 2 === 1) this.#scatter();
  }

  /**
   * Draws the trajectory of every person that is not fixed anew, given everybody else's. With `see`, laws are computed in full and shown before each draw; without,
   * persons of whom nothing speaks for infection are drawn from a bound where that settles it: the same draws, sooner.
   */
  sweep(number: number, see: SeeMarginals | null = null): void {
    const { persons, fixed } = this.population;
    for (let person = 0; person < persons; person++) if (fixed[person] === 0) this.#update(number, person, see);
  }

  /**
   * Draws groups anew: each person with one of its contacts, and with a contact of that, taken at random. A group changes as a whole where
   * one person after the other could not, as when it is open who infected whom, or whether tests were wrong together.
   *
   * Groups with somebody of whom something speaks for infection are always drawn. Of the others, those with somebody infected are, and never
   * become groups without: most of a population is spared.
   */
  sweepGroups(number: number): void {
    const { persons, days, quiet, fixed } = this.population;
    const { exposed } = this.state;
    for (let person = 0; person < persons; person++) {
      if (fixed[person] === 1) continue;
      const group = this.#groupAround(person, number);
      if (group.length < 2 || group.some((member) => fixed[member] === 1)) continue;
      const restricted = group.every((member) => quiet[member] === 1);
      if (restricted && group.every((member) => exposed[member] === days)) continue;
      this.#drawGroup(number, group, restricted);
    }
  }

  #update(sweep: number, person: number, see: SeeMarginals | null): void {
    const { days } = this.population;
    const first = this.#uniform(purpose.update, person, sweep * 2);
    if (see === null && this.#escapesSurely(person, first)) {
      this.state.set(person, days, days, days, 0);
      return;
    }
    const law = this.#lawOf(person);
    if (see !== null) {
      law.marginals();
      see(person, law);
    }
    this.#drawFrom(law, first, purpose.update, person, sweep * 2 + 1);
    this.state.set(person, law.exposed, law.infectious, law.removed, law.lead);
  }

  /** Where nothing speaks for infection, P(never infected) is at least P(S on the first day, and escape of all pressure): a number below that means "never". */
  #escapesSurely(person: number, uniform: number): boolean {
    const { quiet, days, externalSum, region, exposure, susceptible } = this.population;
    if (quiet[person] === 0 || this.state.followed[person] !== 0) return false;
    const { pressure } = this.state;
    let units = 0;
    for (let at = person * days, end = at + days; at < end; at++) units += pressure[at]!;
    const escaped = expNegative(externalSum[region[person]!]! + units * exposure.unit);
    return uniform < susceptible[person]! * escaped * BELOW_BOUND;
  }

  #lawOf(person: number): Conditional {
    this.#surroundings.gather(person);
    if (this.#linear.prepare(this.#surroundings)) return this.#linear;
    this.#logarithmic.prepare(this.#surroundings);
    return this.#logarithmic;
  }

  #drawFrom(law: Conditional, first: number, use: number, person: number, counter: number): void {
    this.#fillWords(use, person, counter);
    law.draw(first, half(this.#words[0]!), half(this.#words[1]!));
  }

  /** The person, a contact of it, and, for every second one, a contact of either. */
  #groupAround(person: number, sweep: number): readonly number[] {
    const other = this.#contactOf(person, this.#uniform(purpose.group, person, sweep * 16));
    if (other === null) return [];
    const choice = this.#uniform(purpose.group, person, sweep * 16 + 1);
    if (choice < 0.5) return [person, other];
    const third = this.#contactOf(choice < 0.75 ? person : other, (choice * 4) % 1);
    return third === null || third === person || third === other ? [person, other] : [person, other, third];
  }

  #contactOf(person: number, uniform: number): number | null {
    const { days, contacts } = this.population;
    const { start, low, high, classBits } = contacts;
    const first = start[person * days]!;
    const count = start[(person + 1) * days]! - first;
    return count === 0 ? null : entryAt(low, high, first + Math.floor(uniform * count)) >>> classBits;
  }

  /**
   * Metropolis and Hastings on a group: each member from its law as if those after it were not there, infected or not with odds that are flattened. The
   * new trajectories against their proposals, over the same of the old ones, is a product of the members' sums of weights: all else
   * cancels. A law does not depend on the member's own trajectory, so that the first one's is the same for the old and the new.
   */
  #drawGroup(sweep: number, group: readonly number[], restricted: boolean): void {
    const { state } = this;
    const { days } = this.population;
    const before = group.map((member) => this.#traceOf(member));
    const [person, ...others] = group as [number, ...number[]];
    for (const member of others) state.set(member, ...ABSENT);
    let law = this.#lawOf(person);
    let lnRatio = -this.#lnAgainstProposal(law, before[0]![0] < days);
    let proposed = this.#propose(law, person, sweep * 16 + 3);
    lnRatio += proposed.ln;
    others.forEach((member, k) => {
      lnRatio -= this.#lnAgainstProposal(this.#lawOf(member), before[k + 1]![0] < days);
      if (k < others.length - 1) state.set(member, ...before[k + 1]!);
    });
    for (const member of others.slice(1, -1)) state.set(member, ...ABSENT);
    state.set(person, ...proposed.trace);
    others.forEach((member, k) => {
      law = this.#lawOf(member);
      proposed = this.#propose(law, person, sweep * 16 + 6 + 3 * k);
      lnRatio += proposed.ln;
      state.set(member, ...proposed.trace);
    });
    const accepted = Math.log(this.#uniform(purpose.group, person, sweep * 16 + 2)) < lnRatio;
    if (accepted && !(restricted && group.every((member) => state.exposed[member] === days))) return;
    group.forEach((member, k) => state.set(member, ...before[k]!));
  }

  /** A trajectory from the law with flattened odds, from three numbers at a counter; and what its choice weighs against its proposal, nat. */
  #propose(law: Conditional, person: number, counter: number): { readonly trace: TraceOf; readonly ln: number } {
    const infected = this.#uniform(purpose.group, person, counter) < tempered(law.lnInfected() - law.lnNever());
    const ln = this.#lnAgainstProposal(law, infected);
    const { days } = this.population;
    if (!infected) return { trace: [days, days, days, 0], ln };
    const first = this.#uniform(purpose.group, person, counter + 1);
    this.#fillWords(purpose.group, person, counter + 2);
    law.drawInfected(first, half(this.#words[0]!), half(this.#words[1]!));
    return { trace: [law.exposed, law.infectious, law.removed, law.lead], ln };
  }

  /** What a choice between infection and none weighs against how probable its proposal is, nat. */
  #lnAgainstProposal(law: Conditional, infected: boolean): number {
    const share = tempered(law.lnInfected() - law.lnNever());
    return infected ? law.lnInfected() - Math.log(share) : law.lnNever() - Math.log1p(-share);
  }

  #traceOf(person: number): TraceOf {
    const { exposed, infectious, removed, lead } = this.state;
    return [exposed[person]!, infectious[person]!, removed[person]!, lead[person]!];
  }

  #uniform(use: number, person: number, counter: number): number {
    this.#fillWords(use, person, counter);
    return uniformOf(this.#words);
  }

  #fillWords(use: number, person: number, counter: number): void {
    threefry(this.#words, this.#keys[use * 2]!, this.#keys[use * 2 + 1]!, person, counter);
  }

  #scatter(): void {
    const { persons, days, exposed, infectious } = this.population;
    for (let person = 0; person < persons; person++) {
      const uniform = this.#uniform(purpose.start, person, 0);
      if (uniform >= SCATTERED) continue;
      const from = Math.floor((uniform / SCATTERED) * days);
      const until = Math.min(days, from + exposed.longest);
      this.state.set(person, from, until, Math.min(days, until + infectious.longest), 0);
    }
  }
}

/** How probable an infection is proposed of which the logarithm of the odds is known: the odds flattened to a root of them. */
function tempered(lnOdds: number): number {
  return 1 / (1 + Math.exp(-lnOdds * FLATTENED));
}

/** A word as a number in (0, 1). */
function half(word: number): number {
  return ((word >>> 0) + 0.5) / 0x1_0000_0000;
}
