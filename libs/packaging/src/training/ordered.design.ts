import { distinctRows, frequentValues, shrunkenMeans } from '@haat/features';
import { damageColumns } from '../features/index.ts';
import { denseTerms, designTerms, modifierPositions, type CategoryVocabulary } from '../model/index.ts';
import type { DamageData } from './damage.data.ts';

/**
 * Binomial counts in the form that the solver reads: rows with equal terms and the same package are one row, rows of a package
 * lie together, and the dense terms are standardised behind a constant.
 */
export interface OrderedDesign {
  readonly rows: number;
  readonly packages: number;
  /** 1 + the number of dense terms. */
  readonly width: number;
  /** Constant 1 and standardised dense terms, row-major [rows, width]. */
  readonly dense: Float64Array;
  /** Mean and standard deviation of each dense term over products (1 where it is constant), [width - 1]. */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** Position in the vocabulary, the last for categories that are not listed, [rows]. */
  readonly category: Int32Array;
  readonly categories: number;
  /** Rows of package j are `start[j] .. start[j + 1] - 1`, [packages + 1]. */
  readonly start: Int32Array;
  readonly shipments: Float64Array;
  readonly damages: Float64Array;
}

/** As if each category had this many more products, flagged as often as all are. */
const fragilityPrior = 20;

/** Categories of enough products to have an effect of their own, and how fragile each is by the catalogue's flag. */
export function categoryVocabulary({ facts }: DamageData, minProducts: number): CategoryVocabulary {
  const names = frequentValues(facts.category, minProducts);
  const position = new Map(names.map((name, index) => [name, index]));
  const group = Int32Array.from(facts.category, (category) => position.get(category) ?? names.length);
  return { names, fragility: Array.from(shrunkenMeans(group, facts.fragile, names.length + 1, fragilityPrior)) };
}

/**
 * Aggregates counts. With `augmentWeight` a > 0, each damage in package j adds a damaged shipments to every weaker package
 * of the product (the published augmentation, research 1.4).
 */
export function orderedDesign(data: DamageData, vocabulary: CategoryVocabulary, augmentWeight = 0): OrderedDesign {
  const packages = data.catalogue.types.length;
  const terms = designTerms(damageColumns(data.facts), vocabulary);
  const { group, first } = distinctRows(termWords(terms.dense, terms.category), denseTerms.length * 2 + 1);
  const { shipments, damages } = countsByGroup(data, group, first.length, augmentWeight);

  const { mean, deviation } = moments(terms.dense, denseTerms.length);
  const width = denseTerms.length + 1;
  const rows = shipments.reduce((filled, count) => filled + Number(count > 0), 0);
  const design = {
    rows,
    packages,
    width,
    dense: new Float64Array(rows * width),
    mean,
    deviation,
    category: new Int32Array(rows),
    categories: vocabulary.names.length + 1,
    start: new Int32Array(packages + 1),
    shipments: new Float64Array(rows),
    damages: new Float64Array(rows),
  };
  let row = 0;
  for (let j = 0; j < packages; j++) {
    for (let g = 0; g < first.length; g++) {
      const count = shipments[g * packages + j]!;
      if (count === 0) continue;
      const source = first[g]! * denseTerms.length;
      design.dense[row * width] = 1;
      for (let k = 0; k < denseTerms.length; k++) {
        design.dense[row * width + k + 1] = (terms.dense[source + k]! - mean[k]!) / deviation[k]!;
      }
      design.category[row] = terms.category[first[g]!]!;
      design.shipments[row] = count;
      design.damages[row] = damages[g * packages + j]!;
      row++;
    }
    design.start[j + 1] = row;
  }
  return design;
}

/** z of a modifier as a straight line in one standardised term: constant + slope * term. */
export interface StepLine {
  readonly constant: number;
  /** Position among the columns of the design; 0 (with slope 0) for the constant modifier. */
  readonly column: number;
  readonly slope: number;
}

/** The step terms 1, v, 1 - v, ... in the order of `stepTerms`. */
export function stepLines({ mean, deviation }: Pick<OrderedDesign, 'mean' | 'deviation'>): readonly StepLine[] {
  return [
    { constant: 1, column: 0, slope: 0 },
    ...modifierPositions.flatMap((k) => [
      { constant: mean[k]!, column: k + 1, slope: deviation[k]! },
      { constant: 1 - mean[k]!, column: k + 1, slope: -deviation[k]! },
    ]),
  ];
}

/** The bits of dense terms and category, for telling equal rows. */
function termWords(dense: Float64Array, category: Int32Array): Int32Array {
  const width = denseTerms.length * 2 + 1;
  const words = new Int32Array(category.length * width);
  const bits = new Int32Array(dense.buffer);
  for (let i = 0; i < category.length; i++) {
    words.set(bits.subarray(i * (width - 1), (i + 1) * (width - 1)), i * width);
    words[i * width + width - 1] = category[i]!;
  }
  return words;
}

function countsByGroup({ catalogue, counts }: DamageData, group: Int32Array, groups: number, augmentWeight: number) {
  const packages = catalogue.types.length;
  const shipments = new Float64Array(groups * packages);
  const damages = new Float64Array(groups * packages);
  for (let r = 0; r < counts.rows; r++) {
    const at = group[counts.product[r]!]! * packages;
    const j = counts.package[r]!;
    shipments[at + j]! += counts.shipments[r]!;
    damages[at + j]! += counts.damages[r]!;
    if (augmentWeight === 0) continue;
    for (let weaker = 0; weaker < j; weaker++) {
      shipments[at + weaker]! += augmentWeight * counts.damages[r]!;
      damages[at + weaker]! += augmentWeight * counts.damages[r]!;
    }
  }
  return { shipments, damages };
}

function moments(dense: Float64Array, width: number): { mean: Float64Array; deviation: Float64Array } {
  const rows = dense.length / width;
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  for (let at = 0; at < dense.length; at += width) {
    for (let k = 0; k < width; k++) mean[k]! += dense[at + k]! / rows;
  }
  for (let at = 0; at < dense.length; at += width) {
    for (let k = 0; k < width; k++) square[k]! += (dense[at + k]! - mean[k]!) ** 2 / rows;
  }
  return { mean, deviation: square.map((variance) => (variance > 1e-12 ? Math.sqrt(variance) : 1)) };
}
