import { dayAfter, type RiskPosterior } from '@haat/risk/contract';

import type { FileProblem } from '../local/risk.files.ts';
import { percent, table } from './table.ts';

interface TimelineDay {
  readonly day: string;
  readonly susceptible: number;
  readonly exposed: number;
  readonly infectious: number;
  readonly removed: number;
  readonly error: number;
}

interface TimelineSource {
  /** Pseudonym; null: from outside the contacts. */
  readonly from: string | null;
  readonly day: string;
  readonly probability: number;
}

/** One person over the days of the window. */
export interface Timeline {
  readonly person: string;
  readonly days: readonly TimelineDay[];
  readonly tests: readonly { readonly day: string; readonly positive: boolean }[];
  /** The most probable first. */
  readonly sources: readonly TimelineSource[];
}

/** Sources that are shown. */
const SHOWN = 8;

export function timelineOf(
  posterior: RiskPosterior,
  { problem, persons, firstDay }: FileProblem,
  person: number,
): Timeline {
  const { probability, error } = posterior.timeline(person);
  const dayAt = (day: number) => dayAfter(firstDay, day);
  const { tests } = problem;
  return {
    person: persons[person]!,
    days: Array.from({ length: posterior.days }, (_, day) => {
      const [susceptible, exposed, infectious, removed] = probability.subarray(day * 4, day * 4 + 4);
      const most = Math.max(...error.subarray(day * 4, day * 4 + 4));
      return {
        day: dayAt(day),
        susceptible: susceptible!,
        exposed: exposed!,
        infectious: infectious!,
        removed: removed!,
        error: most,
      };
    }),
    tests: Array.from({ length: tests.rows }, (_, row) => row)
      .filter((row) => tests.person[row] === person)
      .map((row) => ({ day: dayAt(tests.day[row]!), positive: tests.positive[row] === 1 })),
    sources: posterior.sources.get(person)!.map((source) => ({
      from: source.from === null ? null : persons[source.from]!,
      day: dayAt(source.day),
      probability: source.probability,
    })),
  };
}

export function timelineText({ person, days, tests, sources }: Timeline): string {
  const results = new Map(tests.map(({ day, positive }) => [day, positive ? 'positive' : 'negative']));
  const states = table(days, {
    day: ({ day }) => day,
    'P(S)': ({ susceptible }) => percent(susceptible),
    'P(E)': ({ exposed }) => percent(exposed),
    'P(I)': ({ infectious }) => percent(infectious),
    'P(R)': ({ removed }) => percent(removed),
    error: ({ error }) => percent(error),
    test: ({ day }) => results.get(day) ?? null,
  });
  const why = table(sources.slice(0, SHOWN), {
    'infected by': ({ from }) => from ?? 'somebody outside the contacts',
    'on the day': ({ day }) => day,
    probability: ({ probability }) => percent(probability),
  });
  return `${person}\n\n${states}\n\n${why}`;
}

const WIDTH = 760;
const HEIGHT = 300;
const LEFT = 48;
const TOP = 36;
const ROW = 18;
const colours = { susceptible: '#d8e2dc', exposed: '#f4a261', infectious: '#c1121f', removed: '#8d99ae' } as const;

/** Areas of the four states over the days, tests as marks, and the sources of infection below. */
export function timelineSvg({ person, days, tests, sources }: Timeline): string {
  const x = (day: number) => LEFT + (day * (WIDTH - LEFT - 16)) / Math.max(1, days.length - 1);
  const y = (share: number) => TOP + (1 - share) * HEIGHT;
  const states = ['removed', 'infectious', 'exposed', 'susceptible'] as const;
  let below = days.map(() => 0);
  const areas = states.map((state) => {
    const above = days.map((day, k) => below[k]! + day[state]);
    const up = above.map((share, k) => `${x(k).toFixed(1)},${y(share).toFixed(1)}`);
    const down = below.map((share, k) => `${x(k).toFixed(1)},${y(share).toFixed(1)}`).reverse();
    below = above;
    return `<polygon points="${[...up, ...down].join(' ')}" fill="${colours[state]}"><title>${state}</title></polygon>`;
  });
  const places = new Map(days.map(({ day }, k) => [day, k]));
  const marks = tests.map(({ day, positive }) => {
    const at = x(places.get(day)!).toFixed(1);
    const fill = positive ? '#c1121f' : '#ffffff';
    return `<circle cx="${at}" cy="${TOP - 8}" r="5" fill="${fill}" stroke="#222"><title>${day}: ${positive ? 'positive' : 'negative'}</title></circle>`;
  });
  const ticks = days
    .map(({ day }, k) => ({ day, k }))
    .filter(({ k }) => k % Math.max(1, Math.ceil(days.length / 8)) === 0)
    .map(({ day, k }) => text(x(k), TOP + HEIGHT + 16, day.slice(5), 'middle'));
  const shares = [0, 0.5, 1].map((share) => text(LEFT - 6, y(share) + 4, percent(share, 0), 'end'));
  const legend = states
    .toReversed()
    .map(
      (state, k) =>
        `<rect x="${LEFT + k * 130}" y="${TOP + HEIGHT + 28}" width="12" height="12" fill="${colours[state]}"/>` +
        text(LEFT + k * 130 + 18, TOP + HEIGHT + 38, state, 'start'),
    );
  const why = sources.slice(0, SHOWN).map(({ from, day, probability }, k) => {
    const who = from === null ? 'somebody outside the contacts' : from;
    return text(LEFT, TOP + HEIGHT + 88 + k * ROW, `${percent(probability)}  ${who}, ${day}`, 'start');
  });
  const heading = text(LEFT, TOP + HEIGHT + 68, 'Infected in this window by:', 'start');
  const height = TOP + HEIGHT + 100 + Math.min(SHOWN, sources.length) * ROW;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(LEFT, 16, person, 'start'),
    ...areas,
    ...marks,
    ...ticks,
    ...shares,
    ...legend,
    heading,
    ...why,
    '</svg>\n',
  ].join('\n');
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped}</text>`;
}
