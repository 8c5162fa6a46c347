import {
  binaryCrossEntropy,
  constant,
  crfLogLikelihood,
  crossEntropy,
  float64,
  infoNCE,
  int64,
  logPartition,
  mean,
  sum,
  type Tensors,
  type Value,
} from '@haat/onnx';
import { gradientError } from '../testing/directional.check.ts';
import { numbersOf, runOnce } from '../testing/graph.run.ts';
import { splitmix } from '../testing/splitmix.ts';

const uniform = splitmix(5);
const random = (...shape: number[]) =>
  float64(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 4 * uniform() - 2),
    shape,
  );
const evaluate = async (y: Value) => numbersOf((await runOnce({ inputs: [], outputs: { y } })).y);
const rowsOf = (numbers: readonly number[], width: number) =>
  Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));
const logSum = (numbers: readonly number[]) => {
  const top = Math.max(...numbers);
  return top + Math.log(numbers.reduce((total, each) => total + Math.exp(each - top), 0));
};

describe('cross entropy', () => {
  const logits = random(4, 3);
  const labels = int64([2, 0, 1, 1]);
  const rows = rowsOf(numbersOf(logits), 3);
  const minusLog = (row: readonly number[], k: number) => logSum(row) - row[k]!;

  it('is minus the logarithm of the probability of the class', async () => {
    const got = await evaluate(crossEntropy(constant(logits), constant(labels)));
    numbersOf(labels).forEach((k, i) => expect(got[i]).toBeCloseTo(minusLog(rows[i]!, k), 12));
  });

  it('takes soft labels, smooths them and weighs classes', async () => {
    const soft = [0.2, 0.5, 0.3, 1, 0, 0, 0, 0.5, 0.5, 0.1, 0.1, 0.8];
    const weights = [1, 2, 0.5];
    const options = { smoothing: 0.1, classWeights: weights };
    const got = await evaluate(crossEntropy(constant(logits), constant(float64(soft, [4, 3])), options));
    rowsOf(soft, 3).forEach((target, i) => {
      const expected = target.map((p, k) => weights[k]! * (0.9 * p + 0.1 / 3) * minusLog(rows[i]!, k));
      expect(got[i]).toBeCloseTo(
        expected.reduce((a, b) => a + b),
        12,
      );
    });
  });

  it('has the slope of central differences', async () => {
    const loss = (inputs: Readonly<Record<string, Value>>) =>
      mean(crossEntropy(inputs.logits!, constant(labels), { smoothing: 0.2, classWeights: [1, 2, 3] }));
    expect(await gradientError(loss, { logits })).toBeLessThan(1e-8);
  });

  it('is finite where probabilities are not', async () => {
    const extreme = constant(float64([1000, -1000, 0], [1, 3]));
    expect(await evaluate(crossEntropy(extreme, constant(int64([1]))))).toEqual([2000]);
  });
});

describe('binary cross entropy', () => {
  it('is minus the logarithm of the probability of the target, without overflow', async () => {
    const logits = [-800, -2, 0, 3, 800];
    const targets = [1, 0, 0.5, 1, 1];
    const got = await evaluate(binaryCrossEntropy(constant(float64(logits)), constant(float64(targets))));
    const expected = [800, Math.log1p(Math.exp(-2)), Math.log(2), Math.log1p(Math.exp(-3)), 0];
    expected.forEach((each, i) => expect(got[i]).toBeCloseTo(each, 12));
  });

  it('has the slope of central differences', async () => {
    const feeds = { logits: random(6), targets: float64([0, 1, 0.3, 1, 0, 0.5]) };
    const loss = (inputs: Readonly<Record<string, Value>>) => sum(binaryCrossEntropy(inputs.logits!, inputs.targets!));
    expect(await gradientError(loss, feeds)).toBeLessThan(1e-8);
  });
});

describe('InfoNCE', () => {
  const feeds = { queries: random(4, 3), keys: random(4, 3), temperature: float64([0.7], []) };

  it('is the mean of both directions', async () => {
    const [q, k] = [feeds.queries, feeds.keys].map((tensor) => rowsOf(numbersOf(tensor), 3));
    const likeness = q!.map((a) => k!.map((b) => a.reduce((total, each, i) => total + each * b[i]!, 0) / 0.7));
    const missed = likeness.map((row, i) => {
      const column = likeness.map((each) => each[i]!);
      return (logSum(row) - row[i]! + logSum(column) - row[i]!) / 2;
    });
    const got = await evaluate(infoNCE(constant(feeds.queries), constant(feeds.keys), 0.7));
    expect(got[0]).toBeCloseTo(missed.reduce((a, b) => a + b) / 4, 12);
  });

  it('has the slope of central differences, in the temperature too', async () => {
    const loss = ({ queries, keys, temperature }: Readonly<Record<string, Value>>) =>
      infoNCE(queries!, keys!, temperature!);
    expect(await gradientError(loss, feeds)).toBeLessThan(1e-7);
  });
});

describe('the conditional random field', () => {
  const scoresOf = (n: number, places: number, tags: number) => ({
    emissions: random(n, places, tags),
    transitions: random(tags, tags),
    start: random(tags),
    end: random(tags),
  });
  const constants = (tensors: Tensors) =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, constant(tensor)])) as {
      emissions: Value;
      transitions: Value;
      start: Value;
      end: Value;
    };
  const scores = scoresOf(3, 4, 3);
  const lengths = int64([4, 1, 3]);
  const tags = int64([0, 2, 1, 1, 2, 0, 0, 0, 1, 0, 2, 2], [3, 4]);
  const pathScore = (row: number, path: readonly number[]) => {
    const [e, t, s, f] = [scores.emissions, scores.transitions, scores.start, scores.end].map(numbersOf);
    const emitted = path.map((tag, place) => e![(row * 4 + place) * 3 + tag]!);
    const moved = path.slice(1).map((tag, place) => t![path[place]! * 3 + tag]!);
    return [...emitted, ...moved, s![path[0]!]!, f![path.at(-1)!]!].reduce((a, b) => a + b);
  };
  const paths = (length: number): number[][] =>
    length === 0 ? [[]] : paths(length - 1).flatMap((path) => [0, 1, 2].map((tag) => [...path, tag]));

  it('sums over all tag sequences, of each length', async () => {
    const got = await evaluate(logPartition(constants(scores), constant(lengths)));
    numbersOf(lengths).forEach((length, row) => {
      expect(got[row]).toBeCloseTo(logSum(paths(length).map((path) => pathScore(row, path))), 12);
    });
  });

  it('gives the logarithm of the probability of a tag sequence', async () => {
    const got = await evaluate(crfLogLikelihood(constants(scores), constant(tags), constant(lengths)));
    numbersOf(lengths).forEach((length, row) => {
      const path = numbersOf(tags).slice(row * 4, row * 4 + length);
      const whole = logSum(paths(length).map((each) => pathScore(row, each)));
      expect(got[row]).toBeCloseTo(pathScore(row, path) - whole, 12);
    });
  });

  it('has the slope of central differences', async () => {
    const loss = ({ emissions, transitions, start, end }: Readonly<Record<string, Value>>) =>
      mean(
        crfLogLikelihood(
          { emissions: emissions!, transitions: transitions!, start: start!, end: end! },
          constant(tags),
          constant(lengths),
        ),
      );
    expect(await gradientError(loss, scores)).toBeLessThan(1e-8);
  });

  it('takes 32 tags and 64 places', async () => {
    const large = scoresOf(2, 64, 32);
    const path = int64(
      Array.from({ length: 128 }, (_, i) => (i * 7) % 32),
      [2, 64],
    );
    const got = await evaluate(crfLogLikelihood(constants(large), constant(path), constant(int64([64, 40]))));
    for (const each of got) expect(each).toBeLessThan(0);
    expect(got.every(Number.isFinite)).toBe(true);
  });
});
