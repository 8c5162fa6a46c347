import { ingestInput } from './infer.request.ts';

const files = [
  { name: 'tests.csv', digest: 'b'.repeat(64) },
  { name: 'contacts.csv', digest: 'c'.repeat(64) },
  { name: 'tests.csv', digest: 'a'.repeat(64) },
];
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
].map((order) => order.map((at) => files[at]!));
const day = { model: 'risk/transmission', day: '2026-03-01' };

describe('the input of a day', () => {
  it('is the same whatever the order in which its files are named', () => {
    const inputs = orders.map((named) => ingestInput({ ...day, files: named }));
    for (const input of inputs) expect(input).toEqual(inputs[0]);
    expect(inputs[0]!.options.files).toEqual([files[1], files[2], files[0]]);
  });

  it('is another one where a name or a digest is', () => {
    const [first, second] = files as [(typeof files)[0], (typeof files)[0]];
    const changed = [
      [first, second],
      [{ ...first, digest: second.digest }, second],
      [first, { ...second, name: 'contacts.jsonl' }],
      [first],
    ].map((named) => ingestInput({ ...day, files: named }).runId);
    expect(new Set(changed).size).toBe(4);
  });
});
