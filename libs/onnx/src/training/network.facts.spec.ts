import {
  batchNormalization,
  crossEntropy,
  defineNetwork,
  dense,
  embeddingBag,
  input,
  int64,
  mean,
  networkFacts,
  readTensors,
  sequential,
  serve,
  tensorOfTable,
  tableStart,
} from '../index.ts';

const ids = input('ids', 'int64', ['n', 3]);
const label = input('label', 'int64', ['n']);
const layers = sequential(
  embeddingBag('words', 10, 4, { seed: 1, sparse: true }),
  batchNormalization('normal', 4),
  dense('head', 4, 2, { seed: 1 }),
);
const network = defineNetwork({
  name: 'topics',
  inputs: [ids],
  outputs: (pass) => ({ logits: layers(ids, pass) }),
  objective: ({ logits }) => ({ loss: mean(crossEntropy(logits, label)) }),
});

describe('the facts of a network', () => {
  it('count what training fits and name every tensor, running statistics included', () => {
    const told = { description: 'Topics', optimizer: 'AdaGrad', seed: 1 };
    expect(networkFacts(network, told)).toEqual({
      ...told,
      parameters: 40 + 8 + 8 + 2,
      tensors: {
        'words/rows': 'float32 [10, 4]',
        'normal/scale': 'float32 [4]',
        'normal/bias': 'float32 [4]',
        'normal/mean': 'float32 [4]',
        'normal/variance': 'float32 [4]',
        'head/weight': 'float32 [4, 2]',
        'head/bias': 'float32 [2]',
      },
    });
  });
});

describe('the tensors of a file', () => {
  const initial = {
    'words/rows': tensorOfTable(tableStart(10, 4, 7)),
    ...Object.fromEntries(
      [
        ['normal/mean', [4], [1, 2, 3, 4]],
        ['normal/variance', [4], [5, 6, 7, 8]],
        ['normal/scale', [4], [1, 1, 1, 1]],
        ['normal/bias', [4], [0, 0, 0, 0]],
        ['head/weight', [4, 2], [1, 2, 3, 4, 5, 6, 7, 8]],
        ['head/bias', [2], [-1, 1]],
      ].map(([name, shape, data]) => [name, { dtype: 'float32', shape, data: Float32Array.from(data as number[]) }]),
    ),
  };
  const read = readTensors(serve(network, initial));

  it('are those that it was written with', () => {
    expect(read).toMatchObject(initial);
  });

  it('hold the constants of the graph as well, whole numbers too', () => {
    expect(Object.values(read)).toContainEqual(int64([1]));
  });
});
