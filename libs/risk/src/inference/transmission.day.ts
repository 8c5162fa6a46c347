import type { Horizon } from '@haat/kit';
import type { DayProblem, DayState } from '@haat/training';
import {
  dayAfter,
  MOST_DAYS,
  personRoles,
  type Beginning,
  type CarriedInference,
  type InitialColumns,
  type RiskFacts,
  type RiskParameters,
} from '../contract/index.ts';
import { distancesFrom, factsAmong, factsFrom, problemOf } from '../features/index.ts';
import {
  foldedDays,
  movedTrajectories,
  neverInfected,
  transmissionModel,
  type TransmissionContext,
} from '../model/index.ts';
import { writeFacts, type CarriedStore, type LeftInference, type RiskStore } from '../store/index.ts';
import { inferenceOptions } from './sampling.of.facts.ts';

/** Contacts between those who changed and those who are still answered for anew; beyond, what a change does is lost in the error of sampling. */
const HOPS = 2;
/** So many contacts farther persons are drawn as well, so that nobody who is answered for lives beside a fixed trajectory; the next ones are fixed. */
const AROUND = 1;

/** Up to this share of all persons a part is drawn anew; beyond, everybody is. */
const PART = 0.5;

const DAY_MS = 86_400_000;
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** Where a day's problem is read from. */
export interface DaySource {
  readonly facts: Pick<RiskStore, 'horizon' | 'facts' | 'changes'>;
  readonly carried: Pick<CarriedStore, 'newest' | 'read'>;
}

/**
 * Writes the problem that a day leads to: the window that ends with it, or stays where it is later already. It goes on from the newest inference of as many days that it
 * overlaps: days that leave the window are folded, chains begin where they were. Where the window stays, and version and number of chains are the same, only those whom new rows concern, and
 * those near them, are in the problem, those at its edge fixed as they were.
 *
 * @throws NO_PERSONS, UNMODELLED_EVIDENCE
 */
export async function stateTransmissionDay(
  { facts: source, carried }: DaySource,
  { day, ref, context, options, chains }: DayState,
  file: string,
): Promise<DayProblem> {
  const { days } = inferenceOptions(options);
  const before = await carried.newest(transmissionModel.name);
  const end = before === null ? day : dayAfter(before.firstDay, before.days - 1);
  const last = end > day ? end : day;
  const at = await source.horizon(new Date(`${last}T23:59:59.999Z`));
  return stateAfter({ facts: source, carried }, before, { last, at, days, ref, context, chains }, file);
}

/** A window of days, and by which version and how many chains it is inferred. */
interface DayWindow extends Pick<DayState, 'ref' | 'context' | 'chains'> {
  /** YYYY-MM-DD. */
  readonly last: string;
  readonly days: number;
  /** What is known of it. */
  readonly at: Horizon;
}

/** Writes the problem of a window that comes after a run; null: after none. */
export async function stateAfter(
  { facts: source, carried }: DaySource,
  before: LeftInference | null,
  { last, at, days, ref, context, chains }: DayWindow,
  file: string,
): Promise<DayProblem> {
  const window = { ...at, days };
  const firstDay = dayAfter(last, 1 - days);
  const moved = before === null ? 0 : daysBetween(before.firstDay, firstDay);
  const changes = before === null ? null : await source.changes(before.revision, window);
  const told = { moved_days: moved, changed_rows: changes?.rows ?? 0, rows_before_window: changes?.early ?? 0 };
  const written = async (facts: RiskFacts, unchanged = false): Promise<DayProblem> => {
    const { rows } = await writeFacts(file, facts);
    const metrics = { ...told, goes_on: Number(facts.beginning !== undefined) };
    return { rows, revision: at.revision, asOf: at.asOf, unchanged, metrics };
  };

  if (before === null || before.days !== days || moved >= days || days + moved > MOST_DAYS) {
    return written(await source.facts(window));
  }
  const all = await source.facts({ ...at, days: days + moved });
  const left = { ...before, ...(await carried.read(before.run, moved)) };
  if (moved === 0 && before.version === ref.digest && left.trajectories.length === chains) {
    const facts = part(all, left, changes!.persons);
    if (facts !== null) return written(facts, facts.persons.id.length === 0);
  }
  const { parameters } = context as TransmissionContext;
  const known = placed(fitting(left, parameters), all.persons.id, moved);
  if (moved === 0) return written({ ...all, beginning: known.beginning });
  const problem = problemOf({ ...all, beginning: known.beginning }, parameters);
  const initial = foldedDays(problem, moved, known.infectious);
  return written({ ...factsFrom(all, moved, firstDay), beginning: { ...known.beginning, initial } });
}

/** What is observed of those near whom something changed; null where they are too many. */
function part(all: RiskFacts, left: CarriedInference, changed: readonly string[]): RiskFacts | null {
  const position = new Map(all.persons.id.map((id, at) => [id, at]));
  const from = changed.map((id) => position.get(id)).filter((at) => at !== undefined);
  const distance = distancesFrom(all, from, HOPS + AROUND + 1);
  if (distance.reduce((sum, hops) => sum + Number(hops <= HOPS), 0) > PART * distance.length) return null;
  const members = Uint32Array.from(distance.keys()).filter((person) => distance[person]! <= HOPS + AROUND + 1);
  const facts = factsAmong(all, members);
  const role = Uint8Array.from(members, (person) => {
    const hops = distance[person]!;
    return hops <= HOPS ? personRoles.answered : hops <= HOPS + AROUND ? personRoles.drawn : personRoles.fixed;
  });
  return { ...facts, beginning: { ...placed(left, facts.persons.id, 0).beginning, role, partial: true } };
}

/** What a run left, of these persons in their order, for a window that begins `moved` days later; who is new was never infected. */
function placed(
  { run, turn, days, persons, initial, trajectories, infectious }: CarriedInference,
  ids: readonly string[],
  moved: number,
): { readonly beginning: Beginning; readonly infectious: Float32Array } {
  const position = new Map(ids.map((id, at) => [id, at]));
  const place = Int32Array.from(persons, (id) => position.get(id) ?? -1);
  const count = ids.length;
  const chains = trajectories.map((bytes) => {
    const into = neverInfected(count, days);
    place.forEach((to, from) => {
      for (let k = 0; to >= 0 && k < 4; k++) into[k * count + to] = bytes[k * persons.length + from]!;
    });
    return movedTrajectories(into, days, moved);
  });
  const risks = new Float32Array(count * moved);
  place.forEach((to, from) => {
    if (to >= 0) risks.set(infectious.subarray(from * moved, (from + 1) * moved), to * moved);
  });
  return {
    beginning: {
      run,
      turn,
      initial: initial && startsAt(initial, place),
      trajectories: chains,
      role: new Uint8Array(count).fill(personRoles.answered),
      partial: false,
    },
    infectious: risks,
  };
}

/** What a run left, of a version whose durations may be shorter: ages beyond the longest count as the last before it. */
function fitting(left: CarriedInference, { exposed, infectious }: RiskParameters): CarriedInference {
  const most = [0, exposed.length - 2, infectious.length - 2, 0];
  const { initial } = left;
  if (initial === null) return left;
  return {
    ...left,
    initial: { ...initial, age: initial.age.map((age, row) => Math.min(age, most[initial.state[row]!]!)) },
  };
}

/** The rows of those who have a place, in the order of the places. */
function startsAt({ rows, person, state, age, probability }: InitialColumns, place: Int32Array): InitialColumns {
  const order = Uint32Array.from({ length: rows }, (_, row) => row)
    .filter((row) => place[person[row]!]! >= 0)
    .sort((a, b) => place[person[a]!]! - place[person[b]!]! || a - b);
  return {
    rows: order.length,
    person: order.map((row) => place[person[row]!]!),
    state: Uint8Array.from(order, (row) => state[row]!),
    age: Uint8Array.from(order, (row) => age[row]!),
    probability: Float64Array.from(order, (row) => probability[row]!),
  };
}
