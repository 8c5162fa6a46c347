import { uniformAt } from '../functions/splitmix.ts';
import type { TableStart, Value } from '../graph/graph.value.ts';
import { float32, type Tensor } from '../graph/tensor.ts';

/**
 * A table that is trained by rows: a parameter [rows, width] that only `bag` reads, of ids that are an input. A training step holds
 * neither it nor its gradient: bags are filled before the step, and their slopes change the rows that they name after it. Served
 * it is a tensor like any other.
 */
export function table(name: string, start: TableStart): Value {
  const { rows, width } = start;
  const shape = [rows, width];
  return {
    dtype: 'float32',
    shape,
    origin: {
      kind: 'parameter',
      name,
      table: start,
      // Made when it is asked for: who trains by rows never does.
      get tensor() {
        return tensorOfTable(start);
      },
    },
  };
}

/** How a table begins: uniform numbers of variance 1 / width. */
export function tableStart(rows: number, width: number, seed: number): TableStart {
  return { rows, width, bound: Math.sqrt(3 / width), seed };
}

/** A number of a table as it begins, by its place, row-major. */
function startingNumber({ bound, seed }: TableStart, place: number): number {
  return bound * (2 * uniformAt(seed, place) - 1);
}

/** A table as it begins. */
export function tensorOfTable(start: TableStart): Tensor {
  const { rows, width } = start;
  const numbers = new Float32Array(rows * width);
  for (let place = 0; place < numbers.length; place++) numbers[place] = startingNumber(start, place);
  return float32(numbers, [rows, width]);
}
