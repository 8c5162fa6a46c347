import { plantedWorld } from '../fixtures/planted.world.ts';
import { learnTransmission, TransmissionLearning } from './transmission.learning.ts';
import { ScoreMoments } from './score.moments.ts';
import { symmetricInverse } from './symmetric.inverse.ts';
import { curvatureOf, mostProbableWeights } from './transmission.likelihood.ts';
import { TransitionStatistics } from './transition.statistics.ts';

/** Statistics of infections under a few exposures. */
function statistics(): TransitionStatistics {
  const made = new TransitionStatistics(2, new Float64Array(0));
  made.outside = 40;
  made.units.set([300, 900]);
  [
    [0.001, 0, 0, 4],
    [0.001, 1, 0, 9],
    [0.001, 0, 2, 7],
    [0.001, 3, 1, 5],
  ].forEach(([outside, near, far, count], k) => {
    made.infections.set(String(k), { outside: outside!, units: Float64Array.of(near!, far!), count: count! });
  });
  return made;
}

function logLikelihood({ outside, units, infections }: TransitionStatistics, weights: Float64Array): number {
  let ln = -weights[0]! * outside - weights[1]! * units[0]! - weights[2]! * units[1]!;
  for (const infection of infections.values()) {
    const nats =
      weights[0]! * infection.outside + weights[1]! * infection.units[0]! + weights[2]! * infection.units[1]!;
    // The exposure under which somebody was infected is counted above too.
    ln += infection.count * (Math.log(-Math.expm1(-nats)) + nats);
  }
  return ln;
}

describe('the likelihood of transitions', () => {
  it('is greatest where the closed form ends, and its slope and curvature are those of differences', () => {
    const made = statistics();
    const best = mostProbableWeights(made, Float64Array.of(1, 0.01, 0.01));
    const at = (moves: readonly number[]) =>
      logLikelihood(
        made,
        best.map((weight, k) => weight * Math.exp(moves[k]!)),
      );
    const { score, information } = curvatureOf(made, best);
    expect(Math.max(...score.map(Math.abs))).toBeLessThan(1e-6);
    const h = 1e-4;
    for (let i = 0; i < 3; i++) {
      const unit = (k: number, size: number) => [0, 1, 2].map((each) => (each === k ? size : 0));
      expect(at(unit(i, 0.05))).toBeLessThan(at([0, 0, 0]));
      expect(at(unit(i, -0.05))).toBeLessThan(at([0, 0, 0]));
      for (let j = 0; j < 3; j++) {
        const both = (a: number, b: number) => at(unit(i, a).map((move, k) => move + unit(j, b)[k]!));
        const second = (both(h, h) - both(h, -h) - both(-h, h) + both(-h, -h)) / (4 * h * h);
        expect(information[i * 3 + j]!).toBeCloseTo(-second, 3);
      }
    }
  });

  it('inverts what is positive definite, and nothing else', () => {
    const matrix = Float64Array.of(4, 1, 0.5, 1, 3, -0.2, 0.5, -0.2, 2);
    const inverse = symmetricInverse(matrix, 3)!;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const product = [0, 1, 2].reduce((sum, k) => sum + matrix[i * 3 + k]! * inverse[k * 3 + j]!, 0);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
      }
    }
    expect(symmetricInverse(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
  });
});

describe('standard errors', () => {
  const moments = (...draws: readonly (readonly [score: readonly number[], information: readonly number[]])[]) => {
    const made = new ScoreMoments(draws[0]![0].length, draws.length);
    for (const [score, information] of draws)
      made.add({ score: Float64Array.from(score), information: Float64Array.from(information) });
    return made;
  };

  it('are of the information less the variance of the score', () => {
    const information = [8, 2, 2, 5];
    const made = moments([[1, -1], information], [[-1, 1], information]);
    // [[8, 2], [2, 5]] - [[1, -1], [-1, 1]] = [[7, 3], [3, 4]], of determinant 19.
    expect(made.lnErrors()).toEqual([Math.sqrt(4 / 19), Math.sqrt(7 / 19)].map((one) => expect.closeTo(one, 12)));
  });

  it('are null of what nothing is known of, and of the others as if that were known', () => {
    expect(
      moments([
        [0, 0],
        [4, 0, 0, 0],
      ]).lnErrors(),
    ).toEqual([0.5, null]);
    const missing = moments(
      [
        [1, 3],
        [4, 0, 0, 5],
      ],
      [
        [1, -3],
        [4, 0, 0, 5],
      ],
    );
    expect(missing.lnErrors()).toEqual([0.5, null]);
    const twins = moments([
      [0, 0],
      [4, 5, 5, 4],
    ]);
    expect(twins.lnErrors()).toEqual([0.5, null]);
  });
});

describe('learning', () => {
  it.each([1, 2, 3])('finds planted rates again, within what it says it can (world %i)', (seed) => {
    const rates = { external: 0.006, near: 0.25, far: 0.04 };
    const { problem } = plantedWorld(seed, { persons: 200, days: 25, testsADay: 80, ...rates });
    const { channels } = problem.parameters;
    const wrong = {
      ...problem.parameters,
      external: 0.02,
      channels: channels.map((channel) => ({ ...channel, probability: 0.1 })),
    };
    const plan = { seed, steps: 24, sweeps: 3, sweepsForErrors: 150 };
    const { estimates, history, parameters } = learnTransmission({ ...problem, parameters: wrong }, plan);
    const truth = [rates.external, rates.near, rates.far];
    expect(estimates.map(({ name }) => name)).toEqual(['external', 'near', 'far']);
    estimates.forEach(({ value, lnError, low, high }, k) => {
      expect(Math.abs(Math.log(value / truth[k]!))).toBeLessThan(3 * lnError!);
      expect(low!).toBeLessThan(value);
      expect(high!).toBeGreaterThan(value);
    });
    expect(estimates[1]!.lnError).toBeLessThan(0.5);
    expect(estimates[1]!.value).toBeGreaterThan(2 * estimates[2]!.value);
    expect(history).toHaveLength(24);
    expect(history.at(-1)).toEqual(estimates.map(({ value }) => value));
    expect(parameters.external).toBe(estimates[0]!.value);
  });

  it('is put down between any two steps and taken up elsewhere, to the same end', () => {
    const { problem } = plantedWorld(4, { persons: 60, days: 15, testsADay: 20 });
    const plan = { seed: 9, steps: 5, sweeps: 2, sweepsForErrors: 6 };
    const whole = learnTransmission(problem, plan);
    let learning = new TransmissionLearning(problem, plan);
    for (let steps = 0; !learning.finished; steps++) {
      learning.step();
      expect(learning.done).toBe(steps < 5 ? 2 * (steps + 1) : 10 + steps - 4);
      const { state, ...kept } = learning.checkpoint();
      learning = new TransmissionLearning(problem, plan);
      learning.restore({ state: state.slice(), ...(JSON.parse(JSON.stringify(kept)) as typeof kept) });
    }
    expect(learning.done).toBe(16);
    expect(learning.result()).toEqual(whole);
  });

  it('says that it cannot tell a rate of which nothing was observed', () => {
    const { problem } = plantedWorld(5, { persons: 20, days: 10, testsADay: 10 });
    const nobodyMet = { ...problem, contacts: [] };
    const { estimates } = learnTransmission(nobodyMet, { steps: 4, sweeps: 2, sweepsForErrors: 10 });
    expect(estimates[1]).toMatchObject({ name: 'near', lnError: null, low: null, high: null });
  });
});
