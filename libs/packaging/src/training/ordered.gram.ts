import type { OrderedDesign } from './ordered.design.ts';

/**
 * Adds the rows of package j to `gram` [width, width] (both triangles), sum of w x x', and to `byCategory`
 * [categories, width], sum of w x by category. Four rows go at once: an entry of the sum is read and written once for four
 * products.
 */
export function gramByPackage(
  { width, dense, category, start }: OrderedDesign,
  weight: Float64Array,
  j: number,
  gram: Float64Array,
  byCategory: Float64Array,
): void {
  const end = start[j + 1]!;
  let r = start[j]!;
  for (; r + 3 < end; r += 4) {
    const a = r * width;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    const weightA = weight[r]!;
    const weightB = weight[r + 1]!;
    const weightC = weight[r + 2]!;
    const weightD = weight[r + 3]!;
    for (let k = 0; k < width; k++) {
      const scaledA = weightA * dense[a + k]!;
      const scaledB = weightB * dense[b + k]!;
      const scaledC = weightC * dense[c + k]!;
      const scaledD = weightD * dense[d + k]!;
      const row = k * width;
      for (let l = 0; l <= k; l++) {
        gram[row + l]! +=
          scaledA * dense[a + l]! + scaledB * dense[b + l]! + scaledC * dense[c + l]! + scaledD * dense[d + l]!;
      }
      byCategory[category[r]! * width + k]! += scaledA;
      byCategory[category[r + 1]! * width + k]! += scaledB;
      byCategory[category[r + 2]! * width + k]! += scaledC;
      byCategory[category[r + 3]! * width + k]! += scaledD;
    }
  }
  for (; r < end; r++) {
    const at = r * width;
    for (let k = 0; k < width; k++) {
      const scaled = weight[r]! * dense[at + k]!;
      for (let l = 0; l <= k; l++) gram[k * width + l]! += scaled * dense[at + l]!;
      byCategory[category[r]! * width + k]! += scaled;
    }
  }
  for (let k = 0; k < width; k++) for (let l = 0; l < k; l++) gram[l * width + k] = gram[k * width + l]!;
}
