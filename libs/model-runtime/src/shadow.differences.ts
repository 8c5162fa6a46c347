import type { ModelOutputs } from './model.outputs.ts';

/** How two versions' answers to the same rows differ. */
export interface OutputDifference {
  /** Rows in which some output differs by more than the tolerance, or has another width. */
  readonly differing: number;
  /** Largest absolute difference of a number; NaN against a number counts as differing and is left out here. */
  readonly largest: number;
}

/** Compares the answers of two versions to the same `rows` rows, output by output, number by number. */
export function differenceOf(a: ModelOutputs, b: ModelOutputs, rows: number, tolerance: number): OutputDifference {
  const differs = new Uint8Array(rows);
  let largest = 0;
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [left, right] = [a[name], b[name]];
    if (left === undefined || right === undefined || left.length !== right.length) {
      differs.fill(1);
      continue;
    }
    const width = left.length / rows;
    for (let at = 0; at < left.length; at++) {
      const distance = Object.is(left[at], right[at]) ? 0 : Math.abs(left[at]! - right[at]!);
      if (distance > largest) largest = distance;
      if (!(distance <= tolerance)) differs[Math.floor(at / width)] = 1;
    }
  }
  return { differing: differs.reduce((sum, one) => sum + one, 0), largest };
}
