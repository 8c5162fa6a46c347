import { splitmix } from '../splitmix.ts';

/** Seeded shapes of up to four axes of size 1 to 3. */
export function randomShapes(seed: number, count: number): number[][] {
  const uniform = splitmix(seed);
  const below = (n: number) => Math.floor(n * uniform());
  return Array.from({ length: count }, () => Array.from({ length: below(5) }, () => 1 + below(3)));
}

/** Two shapes that go together for each of `count`: axes are missing, or are 1, in one of them. */
export function broadcastPairs(seed: number, count: number): readonly (readonly [number[], number[]])[] {
  const uniform = splitmix(seed);
  const worn = (shape: readonly number[]) =>
    shape.slice(Math.floor((shape.length + 1) * uniform() ** 2)).map((size) => (uniform() < 0.3 ? 1 : size));
  return randomShapes(seed + 1, count).map((shape) => [worn(shape), worn(shape)] as const);
}

/** Some of the axes of a shape, in any order, at least one. */
export function randomAxes(seed: number, rank: number): number[] {
  const uniform = splitmix(seed);
  const order = shuffledAxes(seed, rank);
  return order.slice(0, 1 + Math.floor(rank * uniform()));
}

/** The axes of a shape in any order. */
export function shuffledAxes(seed: number, rank: number): number[] {
  const uniform = splitmix(seed);
  const keys = Array.from({ length: rank }, () => uniform());
  return Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!);
}
