import type { Application, TableStart, Value } from '../graph/graph.value.ts';
import { applyAgain, input } from '../graph/graph.builder.ts';
import { leavesOf, rewrite, type Leaf } from '../graph/graph.walk.ts';
import { onnxError } from '../onnx.errors.ts';
import type { BagAttributes } from '../operators/house.signatures.ts';

/** A bag of rows that is filled before the graph runs. */
export interface TableBag extends BagAttributes {
  /** The input of the graph that takes it: float32 [n, width]. */
  readonly name: string;
  /** The input of the batch that names its rows: int64 [n, t]. */
  readonly ids: string;
}

/** A table that is trained by rows, with the bags that a graph reads of it. */
export interface TableReads {
  readonly name: string;
  readonly start: TableStart;
  readonly bags: readonly TableBag[];
}

export interface CutGraph {
  /** The values that were given, over the bags as inputs. */
  readonly values: readonly Value[];
  readonly tables: readonly TableReads[];
  /** The bags by their names. */
  readonly bags: Readonly<Record<string, Value>>;
  /** The ids that bags are made of. */
  readonly ids: readonly Leaf<'input'>[];
}

/** Cuts a graph where it reads tables that are trained by rows. Errors: INVALID_GRAPH for a table that is read in another way. */
export function cutTables(values: readonly Value[]): CutGraph {
  const tables = new Map<string, { start: TableStart; bags: Map<string, TableBag> }>();
  const bags = new Map<string, Value>();
  const ids = new Map<string, Leaf<'input'>>();
  const cut = rewrite(values, (application, value) => bagAt(application, value), applyAgain);
  for (const { origin } of leavesOf('parameter', cut)) {
    if (origin.table) throw refused(origin.name, 'to be read by "bag" alone, got another operator');
  }
  return {
    values: cut,
    tables: Array.from(tables, ([name, table]) => ({ ...table, name, bags: [...table.bags.values()] })),
    bags: Object.fromEntries(bags),
    ids: [...ids.values()],
  };

  function bagAt({ operator, operands, attributes }: Application, value: Value): Value | undefined {
    if (operator !== 'EmbeddingBag') return undefined;
    const [read, named] = operands as readonly [Value, Value];
    if (read.origin.kind !== 'parameter' || !read.origin.table) return undefined;
    const { name, table: start } = read.origin;
    if (named.origin.kind !== 'input') {
      throw refused(name, `ids that are an input, got another value`);
    }
    const { pooling, padding } = attributes as BagAttributes;
    const bag = {
      name: `${name}.${pooling}(${[named.origin.name, padding ?? []].flat().join(', ')})`,
      ids: named.origin.name,
      pooling,
      ...(padding !== undefined && { padding }),
    };
    const known = tables.get(name) ?? { start, bags: new Map() };
    tables.set(name, known);
    known.bags.set(bag.name, bag);
    ids.set(bag.ids, named as Leaf<'input'>);
    const filled = bags.get(bag.name) ?? input(bag.name, value.dtype, value.shape);
    bags.set(bag.name, filled);
    return filled;
  }
}

function refused(name: string, expectation: string) {
  return onnxError('INVALID_GRAPH', `Table "${name}": expected ${expectation}`, { name });
}
