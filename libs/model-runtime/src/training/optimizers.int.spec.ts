import {
  adaGrad,
  adamW,
  byParameter,
  chain,
  clipByGlobalNorm,
  clipByValue,
  compileTrainingStep,
  cosine,
  float64,
  input,
  int64,
  add,
  mul,
  oneCycle,
  parameter,
  sgd,
  stateAfter,
  averagesOf,
  sum,
  weightAverage,
  type Optimizer,
  type Schedule,
  type Tensors,
} from '@haat/onnx';
import { numbersOf, runOnce } from '../testing/graph.run.ts';
import { TensorSession } from '../tensor.session.ts';
import { splitmix } from '../testing/splitmix.ts';

const steps = 7;
const start = { a: [1, -2, 0.5], b: [3] };

/** Gradients that are given: the loss is the sum of each parameter times what the batch brings. */
function givenGradients() {
  const uniform = splitmix(3);
  return Array.from({ length: steps }, () => ({
    a: [0, 1, 2].map(() => 6 * uniform() - 3),
    b: [6 * uniform() - 3],
  }));
}

async function run(optimizer: Optimizer): Promise<Tensors[]> {
  const [a, b] = [parameter('a', float64(start.a)), parameter('b', float64(start.b))];
  const loss = add(sum(mul(a, input('ga', 'float64', [3]))), sum(mul(b, input('gb', 'float64', [1]))));
  const step = compileTrainingStep({ loss }, optimizer);
  const session = await TensorSession.open(step.model);
  let tensors = step.initial;
  const history: Tensors[] = [];
  for (const [i, gradient] of givenGradients().entries()) {
    const feeds = { ga: float64(gradient.a), gb: float64(gradient.b), step: int64([i], []) };
    const results = await session.run({ ...tensors, ...feeds });
    tensors = stateAfter(step, results);
    history.push(tensors);
  }
  await session.release();
  return history;
}

type Numbers = Readonly<Record<'a' | 'b', number[]>>;

/** The same in plain numbers: `each` gives a parameter's new number from its gradient, its slots and the step from 0. */
function reference(
  each: (p: number, g: number, slots: Record<string, number>, step: number, name: 'a' | 'b') => number,
  prepare: (gradient: Numbers) => Numbers = (gradient) => gradient,
): Numbers[] {
  const now: Numbers = { a: [...start.a], b: [...start.b] };
  const memory = new Map<string, Record<string, number>>();
  return givenGradients().map((gradient, step) => {
    const prepared = prepare(gradient);
    for (const name of ['a', 'b'] as const) {
      prepared[name].forEach((g, i) => {
        const key = `${name}${i}`;
        if (!memory.has(key)) memory.set(key, {});
        now[name][i] = each(now[name][i]!, g, memory.get(key)!, step, name);
      });
    }
    return { a: [...now.a], b: [...now.b] };
  });
}

async function expectSame(optimizer: Optimizer, expected: readonly Numbers[]): Promise<void> {
  const history = await run(optimizer);
  expect(history).toHaveLength(expected.length);
  history.forEach((tensors, i) => {
    for (const name of ['a', 'b'] as const) {
      numbersOf(tensors[name]).forEach((got, j) => expect(got).toBeCloseTo(expected[i]![name][j]!, 11));
    }
  });
}

const adam =
  (rate: (step: number) => number, decay: (name: string) => number) =>
  (p: number, g: number, slots: Record<string, number>, step: number, name: string) => {
    slots.m = 0.9 * (slots.m ?? 0) + 0.1 * g;
    slots.v = 0.999 * (slots.v ?? 0) + 0.001 * g * g;
    const [m, v] = [slots.m / (1 - 0.9 ** (step + 1)), slots.v / (1 - 0.999 ** (step + 1))];
    return p - rate(step) * (m / (Math.sqrt(v) + 1e-8) + decay(name) * p);
  };

const byNorm = (most: number) => (gradient: Numbers) => {
  const norm = Math.hypot(...gradient.a, ...gradient.b);
  const scaled = (g: number) => (norm > most ? (g * most) / norm : g);
  return { a: gradient.a.map(scaled), b: gradient.b.map(scaled) };
};

describe('an optimiser does what its formula says, step for step:', () => {
  it('gradient descent', () =>
    expectSame(
      sgd(0.1),
      reference((p, g) => p - 0.1 * g),
    ));

  it('momentum', () =>
    expectSame(
      sgd(0.1, { momentum: 0.9 }),
      reference((p, g, slots) => p - 0.1 * (slots.m = 0.9 * (slots.m ?? 0) + g)),
    ));

  it('Nesterov', () =>
    expectSame(
      sgd(0.1, { momentum: 0.9, nesterov: true }),
      reference((p, g, slots) => {
        slots.m = 0.9 * (slots.m ?? 0) + g;
        return p - 0.1 * (g + 0.9 * slots.m);
      }),
    ));

  it('AdamW', () =>
    expectSame(
      adamW(0.05),
      reference(
        adam(
          () => 0.05,
          () => 0.01,
        ),
      ),
    ));

  it('AdamW that lets some parameters not decay', () =>
    expectSame(
      adamW(0.05, { weightDecay: 0.3, decays: (name) => name === 'a' }),
      reference(
        adam(
          () => 0.05,
          (name) => (name === 'a' ? 0.3 : 0),
        ),
      ),
    ));

  it('AdaGrad', () =>
    expectSame(
      adaGrad(0.5, { initial: 0.1 }),
      reference((p, g, slots) => {
        slots.s = (slots.s ?? 0.1) + g * g;
        return p - (0.5 * g) / (Math.sqrt(slots.s) + 1e-10);
      }),
    ));

  it('clipping by the global norm, then AdamW', () =>
    expectSame(
      chain(clipByGlobalNorm(2), adamW(0.05)),
      reference(
        adam(
          () => 0.05,
          () => 0.01,
        ),
        byNorm(2),
      ),
    ));

  it('clipping by value', () =>
    expectSame(
      chain(clipByValue(0.5), sgd(1)),
      reference((p, g) => p - Math.min(0.5, Math.max(-0.5, g))),
    ));

  it('one for each parameter', () =>
    expectSame(
      byParameter({ a: sgd(0.01) }, sgd(0.5)),
      reference((p, g, _, __, name) => p - (name === 'a' ? 0.01 : 0.5) * g),
    ));

  it('one for a group of parameters, which have one norm', () =>
    expectSame(
      byParameter({ c: sgd(7) }, chain(clipByGlobalNorm(2), sgd(0.1))),
      reference((p, g) => p - 0.1 * g, byNorm(2)),
    ));

  it('the average of weights', async () => {
    const history = await run(chain(sgd(0.1), weightAverage(0.8)));
    const average = { a: [...start.a], b: [...start.b] };
    reference((p, g) => p - 0.1 * g).forEach((now, i) => {
      for (const name of ['a', 'b'] as const) {
        average[name] = average[name].map((each, j) => 0.8 * each + 0.2 * now[name][j]!);
        numbersOf(averagesOf(history[i]!)[name]).forEach((got, j) => expect(got).toBeCloseTo(average[name][j]!, 12));
      }
    });
  });

  it('refuses two of one kind in a chain, whose states would be one', async () => {
    await expect(run(chain(adamW(1), adamW(1)))).rejects.toThrow('expected every state once, got "m/a" twice');
  });
});

describe('a schedule', () => {
  const step = input('step', 'int64', []);
  const at = async (schedule: Schedule, count: number) => {
    if (typeof schedule === 'number') throw new Error('expected a schedule');
    const graph = { inputs: [step], outputs: { rate: schedule(step) } };
    const rates: number[] = [];
    for (let i = 0; i < count; i++) rates.push(numbersOf((await runOnce(graph, { step: int64([i], []) })).rate)[0]!);
    return rates;
  };
  const half = (from: number, to: number, share: number) => to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;

  it('of a cosine rises evenly, then falls', async () => {
    const rates = await at(cosine({ peak: 2, steps: 10, warmup: 4, last: 0.2 }), 12);
    const falling = [0, 1, 2, 3, 4, 5, 6, 6].map((i) => half(2, 0.2, i / 6));
    [0.5, 1, 1.5, 2, ...falling].forEach((expected, i) => expect(rates[i]).toBeCloseTo(expected, 12));
  });

  it('of one cycle goes up and down', async () => {
    const rates = await at(oneCycle({ peak: 1, steps: 11, rise: 5 / 11 }), 13);
    const rising = [0, 1, 2, 3].map((i) => half(0.04, 1, i / 4));
    const falling = [0, 1, 2, 3, 4, 5, 6, 6, 6].map((i) => half(1, 4e-6, i / 6));
    [...rising, ...falling].forEach((expected, i) => expect(rates[i]).toBeCloseTo(expected, 12));
  });

  it('is what an optimiser goes by', () => {
    const rate = (i: number) => half(0.4, 0, i / 6);
    return expectSame(
      sgd(cosine({ peak: 0.4, steps: 6 })),
      reference((p, g, _, i) => p - rate(Math.min(i, 6)) * g),
    );
  });
});
