import { seedFor, uniformNumbers } from '@haat/onnx';
import type { FillBatch, OpenRows, RowSource } from '../network/row.source.ts';

/** What the shapes are called, in the order of their classes. */
export const shapeNames = [
  'disc',
  'ring',
  'square',
  'frame',
  'triangle',
  'plus',
  'bar',
  'ell',
  'tee',
  'half disc',
  'two discs',
  'star',
] as const;

/** Pixels of a side. */
export const shapeSize = 24;

export interface ShapesData {
  /** What all of the pictures are drawn by; another seed, other pictures. */
  readonly seed: number;
  /** Deviation of the noise of a pixel; shapes are 1 on 0. */
  readonly noise: number;
}

const box = (x: number, y: number, w: number, h: number) => Math.abs(x) <= w && Math.abs(y) <= h;
const disc = (x: number, y: number, r: number) => x * x + y * y <= r * r;

/** Whether a point belongs to a shape of about the unit circle, by class. */
const inside: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => disc(x, y, 0.9),
  (x, y) => disc(x, y, 1) && !disc(x, y, 0.62),
  (x, y) => box(x, y, 0.78, 0.78),
  (x, y) => box(x, y, 0.85, 0.85) && !box(x, y, 0.5, 0.5),
  (x, y) => y >= -0.55 && y <= 1.1 - 1.75 * Math.abs(x),
  (x, y) => box(x, y, 0.26, 1) || box(x, y, 1, 0.26),
  (x, y) => box(x, y, 0.26, 1.05),
  (x, y) => box(x + 0.5, y, 0.24, 0.95) || box(x, y + 0.72, 0.74, 0.24),
  (x, y) => box(x, y - 0.72, 0.9, 0.24) || box(x, y + 0.1, 0.24, 0.9),
  (x, y) => y >= -0.35 && disc(x, y + 0.35, 1),
  (x, y) => disc(x - 0.6, y, 0.42) || disc(x + 0.6, y, 0.42),
  (x, y) => Math.hypot(x, y) <= 0.4 + 0.6 * Math.abs(1 - ((Math.atan2(y, x) / (0.4 * Math.PI) + 10) % 1) * 2) ** 1.3,
];

/** Draws `image` [1, size, size] and `shape` (the class) of a row: place, size, rotation and noise by its seed, all classes equally often. */
export const openShapes: OpenRows<ShapesData> = (data) => {
  const fill: FillBatch = ({ rows }, { image, shape }) => {
    rows.forEach((row, i) => {
      const label = row % inside.length;
      if (shape instanceof BigInt64Array) shape[i] = BigInt(label);
      if (image instanceof Float32Array) {
        const pixels = image.subarray(i * shapeSize ** 2, (i + 1) * shapeSize ** 2);
        drawShape(label, seedFor(data.seed, `row ${row}`), data.noise, pixels);
      }
    });
  };
  return fill;
};

/** Rows of drawn shapes for the threads that fill batches. */
export function drawnShapes(rows: number, data: ShapesData): RowSource<ShapesData> {
  return { rows, module: import.meta.url, name: openShapes.name, data };
}

function drawShape(label: number, seed: number, noise: number, pixels: Float32Array): void {
  const [across, down, size, turn] = uniformNumbers(seed, 4) as unknown as readonly [number, number, number, number];
  const radius = shapeSize * (0.3 + 0.12 * size);
  const free = shapeSize / 2 - radius;
  const [left, top] = [shapeSize / 2 + free * (2 * across - 1), shapeSize / 2 + free * (2 * down - 1)];
  const [cos, sin] = [Math.cos(2 * Math.PI * turn) / radius, Math.sin(2 * Math.PI * turn) / radius];
  const speckle = uniformNumbers(seed + 1, 2 * pixels.length);
  const contains = inside[label]!;
  for (let at = 0; at < pixels.length; at++) {
    let covered = 0;
    for (let part = 0; part < 4; part++) {
      const x = (at % shapeSize) + 0.25 + 0.5 * (part % 2) - left;
      const y = Math.floor(at / shapeSize) + 0.25 + 0.5 * Math.floor(part / 2) - top;
      if (contains(cos * x - sin * y, sin * x + cos * y)) covered += 0.25;
    }
    // The difference of two uniform numbers has the variance 1/6. Levels are those of a file of pictures.
    const level = covered + noise * Math.sqrt(6) * (speckle[2 * at]! - speckle[2 * at + 1]!);
    pixels[at] = Math.round(255 * Math.min(1, Math.max(0, level))) / 255;
  }
}
