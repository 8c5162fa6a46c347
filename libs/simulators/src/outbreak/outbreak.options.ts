import { isDay } from '../files/dates.ts';
import { simulatorError } from '../simulators.errors.ts';
import type { Meeting, OutbreakOptions, OutbreakParameters } from './outbreak.world.ts';

/** Most days: a day is one byte wherever inference reads it. */
const MOST_DAYS = 254;

function require(holds: boolean, field: string, expected: string, got: unknown): void {
  if (holds) return;
  const text = JSON.stringify(got) ?? String(got);
  throw simulatorError('INVALID_WORLD', `Outbreak: option ${field}: expected ${expected}, got ${text}.`, { field });
}

const whole = (value: number, from: number, to: number) => Number.isSafeInteger(value) && value >= from && value <= to;
const share = (value: number) => value >= 0 && value <= 1;

function requireShares(field: string, shares: readonly number[], first: number): void {
  const total = shares.reduce((sum, value) => sum + value, 0);
  const fits =
    shares.every(share) && Math.abs(total - 1) < 1e-6 && shares.slice(0, first).every((value) => value === 0);
  require(fits, field, `shares that sum to one, 0 before index ${first}`, shares);
}

function checkParameters({ external, channels, exposed, infectious, infectivity, symptoms }: OutbreakParameters): void {
  const rates = typeof external === 'number' ? [external] : external.flat();
  require(rates.length > 0 &&
    rates.every((rate) => rate >= 0 && rate < 1), 'external', 'rates from 0, below 1', external);
  require(channels.every(
    ({ probability }) => probability >= 0 && probability < 1,
  ), 'channels', 'probabilities from 0, below 1', channels);
  requireShares('exposed', exposed, 1);
  requireShares('infectious', infectious, 1);
  require(infectivity.length > 0 &&
    infectivity.every(
      (factor) => factor >= 0 && factor < Infinity,
    ), 'infectivity', 'factors of at least 0', infectivity);
  if (symptoms) requireShares('symptoms.delay', symptoms.delay, 0);
}

function checkMeeting({ channel, groups, mean, units }: Meeting, channels: number): void {
  require(whole(channel, 0, channels - 1), 'meetings.channel', `a channel below ${channels}`, channel);
  if (groups) requireShares('meetings.groups', groups, 1);
  require(groups ? share(mean) : mean >= 0 && mean < 10_000, 'meetings.mean', groups
    ? 'a probability'
    : 'a number of contacts a day', mean);
  require(whole(units[0], 1, units[1]) &&
    whole(units[1], units[0], 1000), 'meetings.units', 'least and most units from 1 to 1000', units);
}

/** The options with their defaults, or INVALID_WORLD. */
export function checkedOutbreak(options: OutbreakOptions): Required<OutbreakOptions> {
  const { seed, persons, days, parameters, meetings, adoption = 1 } = options;
  require(whole(seed, 0, Number.MAX_SAFE_INTEGER), 'seed', 'a whole number of at least 0', seed);
  require(whole(persons, 1, 2 ** 24), 'persons', 'a whole number from 1 to 16777216', persons);
  require(whole(days, 1, MOST_DAYS), 'days', `a whole number from 1 to ${MOST_DAYS}`, days);
  require(share(adoption), 'adoption', 'a share', adoption);
  checkParameters(parameters);
  const { external } = parameters;
  const enough = typeof external === 'number' || external.every((byDay) => byDay.length >= days);
  require(enough, 'external', `rates of ${days} days for each region`, external);
  for (const meeting of meetings) checkMeeting(meeting, parameters.channels.length);
  return { seed, persons, days, parameters, meetings, adoption };
}

/** Refuses a kind of test that the parameters do not know. */
export function requireKind({ tests }: OutbreakParameters, kind: number): void {
  require(whole(kind, 0, tests.length - 1), 'testing', `a kind of test below ${tests.length}`, kind);
}

/** Refuses a last day that is none. */
export function requireDay(lastDay: string): void {
  require(isDay(lastDay), 'lastDay', 'a day as YYYY-MM-DD', lastDay);
}
