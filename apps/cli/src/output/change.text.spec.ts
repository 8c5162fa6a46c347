import { changeText } from './change.text.ts';

const move = { before: null, after: 'ANSWERED', rows: 3, examples: ['a', 'b', 'c', 'd'] };

it.each([
  ['shipping_inr', '₹ 0 -> ₹ 1,23,457'],
  ['probability', '0 -> 1,23,457'],
])('sums %s in its own unit', (name, shown) => {
  const moves = [{ ...move, measures: [{ name, before: 0, after: 123_456.7 }] }];
  expect(changeText({ moves, kept: [] } as unknown as Parameters<typeof changeText>[0])).toContain(shown);
});
