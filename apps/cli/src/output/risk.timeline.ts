import { dayAfter, type RiskPosterior } from '@haat/risk/contract';
import type { TopLevelSpec } from 'vega-lite';

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
const WIDTH = 560;

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

const states = ['susceptible', 'exposed', 'infectious', 'removed'] as const;
const colours = ['#d8e2dc', '#f4a261', '#c1121f', '#8d99ae'];

/** Areas of the four states over the days, tests as marks above, and the sources of infection below. */
export function timelineChart({ person, days, tests, sources }: Timeline): TopLevelSpec {
  const x = {
    field: 'day',
    type: 'temporal',
    scale: { type: 'utc' },
    title: null,
    axis: { format: '%m-%d' },
  } as const;
  const shares = days.flatMap((day) =>
    states.map((state, order) => ({ day: day.day, state, order, share: day[state] })),
  );
  const marks = tests.map(({ day, positive }) => ({ day, result: positive ? 'positive' : 'negative', share: 1.03 }));
  const why = sources.slice(0, SHOWN).map(({ from, day, probability }, place) => ({
    place,
    source: `${from ?? 'somebody outside the contacts'}, ${day}`,
    probability,
  }));
  return {
    title: person,
    background: 'white',
    resolve: { scale: { color: 'independent' } },
    vconcat: [
      {
        width: WIDTH,
        height: 300,
        layer: [
          {
            data: { values: shares },
            mark: 'area',
            encoding: {
              x,
              y: {
                field: 'share',
                type: 'quantitative',
                title: null,
                axis: { format: '.0%', values: [0, 0.25, 0.5, 0.75, 1] },
                scale: { domain: [0, 1.06] },
              },
              color: { field: 'state', type: 'nominal', title: null, scale: { domain: [...states], range: colours } },
              order: { field: 'order', sort: 'descending' },
            },
          },
          {
            data: { values: marks },
            mark: { type: 'point', filled: true, size: 70, stroke: '#222222', opacity: 1 },
            encoding: {
              x,
              y: { field: 'share', type: 'quantitative' },
              fill: {
                field: 'result',
                type: 'nominal',
                title: 'test',
                scale: { domain: ['positive', 'negative'], range: ['#c1121f', '#ffffff'] },
              },
            },
          },
        ],
      },
      {
        title: 'infected in this window by',
        width: WIDTH,
        height: { step: 18 },
        data: { values: why },
        mark: { type: 'bar', color: '#c1121f' },
        encoding: {
          y: { field: 'source', type: 'nominal', title: null, sort: { field: 'place' }, axis: { labelLimit: 400 } },
          x: { field: 'probability', type: 'quantitative', title: null, axis: { format: '.2~%' } },
        },
      },
    ],
  };
}
