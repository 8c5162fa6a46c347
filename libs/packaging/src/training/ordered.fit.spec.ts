import { seededUniform } from '@haat/training';
import { takeFacts } from '../contract/index.ts';
import { damageColumns } from '../features/index.ts';
import { damageLogits, designTerms, stepTerms } from '../model/index.ts';
import { shipmentCounts, smallHistory } from './fixtures/random.products.ts';
import { designMatrix } from './design.matrix.ts';
import { categoryVocabulary, orderedDesign } from './ordered.design.ts';
import { fitOrdered, parametersOfFit, priorAndBounds } from './ordered.fit.ts';
import { orderedObjective } from './ordered.objective.ts';

const data = smallHistory(600, 1);
const vocabulary = categoryVocabulary(data, 20);
const design = orderedDesign(data, vocabulary);
const options = { ridge: 2, stepPrior: 0.25 };

/** The objective as its formula stands, over the dense design. */
function objectiveByDefinition(theta: Float64Array, prior: Float64Array, ridge: number): number {
  const { matrix, columns } = designMatrix(design);
  let value = 0;
  for (let r = 0; r < design.rows; r++) {
    let eta = 0;
    for (let k = 0; k < columns; k++) eta += matrix[r * columns + k]! * theta[k]!;
    value += design.shipments[r]! * Math.log(1 + Math.exp(eta)) - design.damages[r]! * eta;
  }
  for (let k = 1; k < columns; k++) value += (ridge / 2) * (theta[k]! - prior[k]!) ** 2;
  return value;
}

describe('orderedObjective', () => {
  const { prior } = priorAndBounds(design, options);
  const evaluate = orderedObjective(design, prior, options.ridge);
  const uniform = seededUniform(11);
  const theta = Float64Array.from(prior, () => 0.6 * (uniform() - 0.4));

  it('has the value of its formula', () => {
    const expected = objectiveByDefinition(theta, prior, options.ridge);
    expect(evaluate(theta).value / expected).toBeCloseTo(1, 12);
  });

  it('has the gradient that central differences give, in every parameter', () => {
    const { gradient } = evaluate(theta);
    const h = 1e-5;
    for (let k = 0; k < theta.length; k++) {
      const up = theta.map((value, i) => value + (i === k ? h : 0));
      const down = theta.map((value, i) => value - (i === k ? h : 0));
      const slope = (evaluate(up).value - evaluate(down).value) / (2 * h);
      expect(Math.abs(gradient[k]! - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)) + 1e-5);
    }
  });

  it('has the Hessian that central differences of the gradient give, in every entry', () => {
    const hessian = evaluate(theta).hessian();
    const h = 1e-5;
    for (let k = 0; k < theta.length; k++) {
      const up = evaluate(theta.map((value, i) => value + (i === k ? h : 0))).gradient;
      const down = evaluate(theta.map((value, i) => value - (i === k ? h : 0))).gradient;
      for (let l = 0; l < theta.length; l++) {
        const curvature = (up[l]! - down[l]!) / (2 * h);
        const error = Math.abs(hessian[k * theta.length + l]! - curvature);
        if (error > 1e-6 * (1 + Math.abs(curvature))) throw new Error(`entry ${k}, ${l}: off by ${error}`);
      }
    }
  });
});

describe('orderedDesign', () => {
  it('merges rows of equal terms and package, and loses no shipment', () => {
    const pairs = Int32Array.from(data.facts.id, (_, i) => i - (i % 2));
    const twice = { ...data, facts: { ...takeFacts(data.facts, pairs), id: data.facts.id } };
    const merged = orderedDesign(twice, vocabulary);
    expect(merged.rows).toBeLessThan(design.rows);
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    expect(sum(merged.shipments)).toBe(sum(data.counts.shipments));
    expect(sum(merged.damages)).toBe(sum(data.counts.damages));
  });

  it('adds augmented damages to the weaker packages only, at their weight', () => {
    const one = { ...data, counts: shipmentCounts([[0, 2, 10, 4]]) };
    const plain = orderedDesign(one, vocabulary);
    const augmented = orderedDesign(one, vocabulary, 0.5);
    expect([plain.rows, Array.from(plain.start)]).toEqual([1, [0, 0, 0, 1, 1]]);
    expect(Array.from(augmented.start)).toEqual([0, 1, 2, 3, 3]);
    expect(Array.from(augmented.shipments)).toEqual([2, 2, 10]);
    expect(Array.from(augmented.damages)).toEqual([2, 2, 4]);
  });
});

describe('fitOrdered', () => {
  const fit = fitOrdered(design, options);
  const steps = fit.theta.subarray(-stepTerms.length * 3);

  it('meets the optimality conditions and the bounds', () => {
    expect(fit.kktResidual).toBeLessThan(1e-5);
    expect(steps.every((gamma) => gamma >= 0)).toBe(true);
    const { prior } = priorAndBounds(design, options);
    expect(fit.objective / objectiveByDefinition(fit.theta, prior, options.ridge)).toBeCloseTo(1, 12);
  });

  it('is better than 200 random feasible points around it', () => {
    const { prior, lower } = priorAndBounds(design, options);
    const evaluate = orderedObjective(design, prior, options.ridge);
    const uniform = seededUniform(5);
    for (let round = 0; round < 200; round++) {
      const near = fit.theta.map((value, k) => Math.max(lower[k]!, value + 0.02 * (uniform() - 0.5)));
      expect(evaluate(near).value).toBeGreaterThan(fit.objective);
    }
  });

  it('is what the free fit is where no bound is active, and above it elsewhere', () => {
    const free = fitOrdered(design, { ...options, ordered: false });
    expect(free.theta.subarray(-steps.length).some((gamma) => gamma < 0)).toBe(true);
    expect(free.objective).toBeLessThan(fit.objective);
    const pulled = { ridge: 1e5, stepPrior: 0.5 };
    const bounded = fitOrdered(design, pulled);
    const unbounded = fitOrdered(design, { ...pulled, ordered: false });
    expect(bounded.objective - unbounded.objective).toBeGreaterThanOrEqual(-1e-9);
  });

  it('keeps the prior where nothing was shipped: a step that no shipment tells apart', () => {
    const inTwo = { ...data, counts: shipmentCounts([...halves(0), ...halves(1)]) };
    const sparse = orderedDesign(inTwo, vocabulary);
    const { theta } = fitOrdered(sparse, options);
    const untouched = theta.subarray(-2 * stepTerms.length);
    expect(untouched[0]).toBeCloseTo(0.25, 9);
    expect(untouched[stepTerms.length]).toBeCloseTo(0.25, 9);
    expect(untouched[1]).toBeCloseTo(0, 9);
  });

  it('gives parameters whose logits are those of the design', () => {
    const parameters = parametersOfFit(fit.theta, design, vocabulary);
    const logits = damageLogits(parameters, damageColumns(data.facts));
    const { matrix, columns } = designMatrix(design);
    const terms = designTerms(damageColumns(data.facts), vocabulary);
    let row = 0;
    for (let j = 0; j < 4; j++) {
      for (let i = 0; i < terms.rows; i++) {
        const has = data.counts.product.some((product, r) => product === i && data.counts.package[r] === j);
        if (!has) continue;
        let eta = 0;
        for (let k = 0; k < columns; k++) eta += matrix[row * columns + k]! * fit.theta[k]!;
        expect(logits[i * 4 + j]).toBeCloseTo(eta, 10);
        row++;
      }
    }
    expect(row).toBe(design.rows);
  });

  it('refuses a history that teaches nothing', () => {
    const tiny = orderedDesign({ ...data, counts: shipmentCounts([[0, 0, 30, 9]]) }, vocabulary);
    expect(() => fitOrdered(tiny, options)).toThrow(expect.objectContaining({ code: 'TOO_LITTLE_HISTORY' }));
  });
});

/** Every product shipped in package `position`, damaged one time in ten more often in the weaker one. */
function halves(position: number): [number, number, number, number][] {
  return Array.from({ length: 300 }, (_, i) => [i, position, 20, (i % 3) + (position === 0 ? 1 : 0)]);
}
