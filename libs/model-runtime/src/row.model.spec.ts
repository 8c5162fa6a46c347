import { isDomainError, type Batch, type Horizon, type ModelRef } from '@haat/kit';
import { requireFinite } from './finite.answers.ts';
import {
  answerEntities,
  replayRows,
  RowService,
  type EntityFacts,
  type RowModel,
  type ServedRows,
} from './row.model.ts';

/** The logarithm of a parcel's weight: a weight of 0 has none. */
const model: RowModel<'weight'> = {
  name: 'delivery/log',
  entity: 'parcel',
  outputs: ['log'],
  columns: ({ rows, columns }) => ({ rows, columns }),
  inputAt: ({ columns }, row) => ({ weight: columns.weight[row] }),
};
const ref: ModelRef = { model: model.name, version: 3, digest: 'd'.repeat(64) };
const served: ServedRows = {
  ref,
  open: {
    run: async ({ rows, columns }: Batch) => {
      const log = Float64Array.from(columns['weight'] as Float64Array).map((weight) => Math.log(weight));
      return requireFinite(model.name, { log }, rows);
    },
  },
};

const weights = new Map([
  ['a', 1],
  ['b', Math.E],
  ['dust', 0],
]);
const since = new Date('2026-01-01T00:00:00Z');
const at: Horizon = { asOf: new Date('2026-02-01T00:00:00Z'), revision: 4 };

function factsOf(ids: readonly string[]): EntityFacts<'weight'> {
  const known = [...weights.keys()].filter((id) => ids.includes(id)).reverse();
  return {
    rows: known.length,
    id: known,
    columns: { weight: Float64Array.from(known, (id) => weights.get(id)!) },
    knownSince: new Float64Array(known.length).fill(since.getTime()),
  };
}
const reader = { byId: async (ids: readonly string[]) => factsOf(ids) };

function serving(share: number) {
  const kept: unknown[] = [];
  const recorder = {
    record: async (_: ModelRef, __: Horizon, predictions: readonly unknown[]) => {
      kept.push(...predictions);
      return predictions.map((___, k) => `id-${k}`);
    },
  };
  const recording = { recorder, chance: () => 0.5, share };
  return { kept, service: new RowService(model, { acquire: async () => served }, reader, recording) };
}

it('answers in the order of the ids, with what is wrong with one in its place', async () => {
  const { service, kept } = serving(1);
  const answers = await service.byId(['dust', 'a', 'nobody', 'b', 'a'], at);
  const told = answers.map((one) => (isDomainError(one) ? one.code : one.outputs['log']));
  expect(told).toEqual(['UNANSWERABLE_ROW', 0, 'UNKNOWN_ENTITY', 1, 0]);
  expect(answers[1]).toEqual({ id: 'a', outputs: { log: 0 }, predictionId: 'id-1', ref, at, knownSince: since });
  expect(kept).toEqual([
    { input: { id: 'b', weight: Math.E }, output: { log: 1 } },
    { input: { id: 'a', weight: 1 }, output: { log: 0 } },
  ]);
});

it('records the share that is asked for', async () => {
  const { service, kept } = serving(0.5);
  expect(await service.byId(['a'], at)).toMatchObject([{ predictionId: null }]);
  expect(kept).toEqual([]);
});

it('gives a backfill those that are known, with null for one that has no answer', async () => {
  const answered = await answerEntities(model, reader, async () => served)(ref, at, ['a', 'dust', 'nobody']);
  expect(answered).toEqual({
    id: ['dust', 'a'],
    outputs: [null, { log: 0 }],
    predictions: [
      { input: { id: 'dust', weight: 0 }, output: null },
      { input: { id: 'a', weight: 1 }, output: { log: 0 } },
    ],
  });
});

it('replays what was recorded, and names what differs', async () => {
  const points = {
    at: async (ids: readonly string[]) => {
      const facts = factsOf(ids);
      return { point: Int32Array.from(facts.id, (id) => ids.indexOf(id)), facts };
    },
  };
  const recorded = (id: string, weight: number, log: number | null) => ({
    ...ref,
    ...at,
    id: `of-${id}`,
    input: { id, weight },
    output: log === null ? null : { log },
  });
  const replays = await replayRows(model, points, async () => served, [
    recorded('b', Math.E, 1),
    recorded('a', 2, 0),
    recorded('gone', 1, 0),
    recorded('dust', 0, null),
  ]);
  expect(replays.map(({ id, same }) => [id, same])).toEqual([
    ['of-b', true],
    ['of-a', false],
    ['of-gone', false],
    ['of-dust', true],
  ]);
  expect(replays[1]!.inputs).toEqual([{ path: 'weight', recorded: 2, replayed: 1, difference: 1 }]);
});
