/** One named column over a batch of n rows. Numbers are typed arrays; text stays text until the graph encodes it. */
export type Column = Float32Array | Float64Array | BigInt64Array | readonly string[];

/** A batch of n rows as named columns, row-major, each with as many elements a row as its feature says (`rowWidth`): mostly one. */
export interface Batch<Name extends string = string> {
  readonly rows: number;
  readonly columns: Readonly<Record<Name, Column>>;
}

/** The elements of `column` at `index`, in that order, with the column's own type. */
export function takeColumn<C extends Column>(column: C, index: ArrayLike<number>): C {
  if (column instanceof Float32Array) return Float32Array.from(index, (i) => column[i]!) as C;
  if (column instanceof Float64Array) return Float64Array.from(index, (i) => column[i]!) as C;
  if (column instanceof BigInt64Array) return BigInt64Array.from(Array.from(index, (i) => column[i]!)) as C;
  return Array.from(index, (i) => (column as readonly string[])[i]!) as unknown as C;
}

/** The rows of a batch at `index`, in that order. */
export function takeRows<Name extends string>(batch: Batch<Name>, index: ArrayLike<number>): Batch<Name> {
  const columns = Object.fromEntries(
    Object.entries<Column>(batch.columns).map(([name, column]) => {
      const width = column.length / batch.rows;
      return [name, takeColumn(column, width > 1 ? placesOf(index, width) : index)];
    }),
  ) as Record<Name, Column>;
  return { rows: index.length, columns };
}

/** The places of all elements of the rows at `index`. */
function placesOf(index: ArrayLike<number>, width: number): Uint32Array {
  return Uint32Array.from(
    { length: index.length * width },
    (_, i) => index[Math.floor(i / width)]! * width + (i % width),
  );
}
