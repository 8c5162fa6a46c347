import { memoryName, slopeName, type TableReads, type Tensor, type Tensors, type TrainedTable } from '@haat/onnx';
import { RowTable, type BagRequest } from './row.table.ts';

/** The tables of a network that are trained by rows, in memory of their own. Their tensors have the names that they have in a dense step. */
export class RowTables {
  readonly #tables: ReadonlyMap<string, RowTable>;

  /** As they begin. Errors: INVALID_FIT. */
  constructor(private readonly trained: readonly TrainedTable[]) {
    this.#tables = new Map(trained.map(({ name, start, initial }) => [name, new RowTable(name, start, initial)]));
  }

  /** The bags that a graph reads for a batch, by the names of its inputs. Errors: UNKNOWN_ROW. */
  pooled(reads: readonly TableReads[], batch: Tensors): Tensors {
    const filled = reads.flatMap(({ name, start: { width }, bags }) => {
      const requests = bags.map(({ ids, ...options }): BagRequest => {
        const { shape, data } = batch[ids]!;
        return { ...options, of: ids, ids: data as BigInt64Array, bags: shape[0]! };
      });
      return this.#tables
        .get(name)!
        .pool(requests)
        .map((data, i): [string, Tensor] => [
          bags[i]!.name,
          { dtype: 'float32', shape: [requests[i]!.bags, width], data },
        ]);
    });
    return Object.fromEntries(filled);
  }

  /** Changes the rows that were pooled last, by what a training step gave; the name of a table that is not finite any more, or null. */
  update(results: Tensors): string | null {
    let broken: string | null = null;
    for (const { name, bags, rate, epsilon } of this.trained) {
      const slopes = bags.map((bag) => results[slopeName(bag.name)]!.data as Float32Array);
      const isFinite = this.#tables.get(name)!.update(slopes, { rate: Number(results[rate]!.data[0]), epsilon });
      if (!isFinite) broken ??= name;
    }
    return broken;
  }

  /** What serves: copies of the tables. */
  weights(): Tensors {
    return Object.fromEntries(this.trained.map((table) => [table.name, this.#tensor(table, (each) => each.rows())]));
  }

  /** What a fit goes on from: copies of the tables and of their sums of squares. */
  tensors(): Tensors {
    const entries = this.trained.flatMap((table): [string, Tensor][] => {
      return [
        [table.name, this.#tensor(table, (each) => each.rows())],
        [memoryName('squares', table.name), this.#tensor(table, (each) => each.squares())],
      ];
    });
    return Object.fromEntries(entries);
  }

  /** Takes the numbers of tables from tensors by their names; sums of squares that are not among them stay as they are. */
  load(tensors: Tensors): void {
    for (const { name } of this.trained) {
      const squares = tensors[memoryName('squares', name)];
      this.#tables.get(name)!.load(tensors[name]!.data as Float32Array, squares?.data as Float32Array | undefined);
    }
  }

  /** Takes over what `tensors` gave; answers what else there is. */
  take(tensors: Tensors): Tensors {
    this.load(tensors);
    const own = new Set(this.trained.flatMap(({ name }) => [name, memoryName('squares', name)]));
    return Object.fromEntries(Object.entries(tensors).filter(([name]) => !own.has(name)));
  }

  #tensor({ name, start: { rows, width } }: TrainedTable, read: (table: RowTable) => Float32Array): Tensor {
    return { dtype: 'float32', shape: [rows, width], data: read(this.#tables.get(name)!) };
  }
}
