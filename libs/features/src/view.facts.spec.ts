import { defineFeatureView } from './feature.view.ts';
import { numbersOf, takeViewFacts, viewFacts } from './view.facts.ts';

const view = defineFeatureView({
  name: 'delivery/parcel',
  title: 'Parcels',
  doc: 'Parcels',
  table: 'delivery.parcel',
  key: ['parcel_id'],
  eventTime: { column: 'valid_from', type: 'timestamptz' },
  reading: 'latest',
  facts: {
    weight_g: { type: 'number', unit: 'g', doc: 'Weight' },
    carrier: { type: 'text', unit: '', doc: 'Carrier' },
    late: { type: 'flag', unit: '1', doc: 'Came late', later: true },
  },
  freshDays: 30,
});
const facts = viewFacts(view, [
  ['a', 2, 'bus', true, new Date(1)],
  ['b', 3, null, null, new Date(2)],
]);

it('makes columns of rows: a flag is a number, what is null is NaN or no text', () => {
  expect(facts).toEqual({
    rows: 2,
    id: ['a', 'b'],
    columns: { weight_g: Float64Array.of(2, 3), carrier: ['bus', ''], late: Float64Array.of(1, NaN) },
    knownSince: Float64Array.of(1, 2),
  });
});

it('takes rows in the order that is asked for', () => {
  expect(takeViewFacts(facts, [1, 0, 1])).toMatchObject({ id: ['b', 'a', 'b'], columns: { carrier: ['', 'bus', ''] } });
  expect(numbersOf(takeViewFacts(facts, [1]), 'weight_g')).toEqual(Float64Array.of(3));
});

it('gives no numbers of text', () => {
  expect(() => numbersOf(facts, 'carrier')).toThrow('carrier is no column of numbers');
});
