import { rowWidth, type Batch, type Column, type Dtype, type ModelCard } from '@haat/kit';
import type { ModelOutputs } from './model.outputs.ts';
import { InferenceSession, Tensor } from './onnx.runtime.ts';
import { runtimeError } from './runtime.errors.ts';

/** A graph loaded into ONNX Runtime: columns in, row-major numbers out. The only file that runs graphs. */
export class GraphSession {
  private constructor(
    private readonly session: InferenceSession,
    readonly card: ModelCard,
    /** Whether an input has the shape [n, 1] rather than [n]. */
    private readonly matrix: ReadonlyMap<string, boolean>,
  ) {}

  /** Errors: MODEL_REFUSED when ONNX Runtime does not take the graph. */
  static async open(bytes: Uint8Array, card: ModelCard): Promise<GraphSession> {
    try {
      const session = await InferenceSession.create(bytes, {
        // Small graphs lose more by waking threads than they gain; replicas are how serving scales.
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 4,
      });
      const rank = session.inputMetadata.map((port) => [port.name, port.isTensor && port.shape.length === 2] as const);
      return new GraphSession(session, card, new Map(rank));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw runtimeError('MODEL_REFUSED', `Model ${card.name}: ONNX Runtime refused the graph: ${why}`, {}, cause);
    }
  }

  /** Errors: INVALID_BATCH when a column is missing, has another length or another element type. */
  check({ rows, columns }: Batch): void {
    for (const [name, spec] of Object.entries(this.card.features)) {
      const column: Column | undefined = columns[name];
      const got = column === undefined ? 'none' : `${dtypeOf(column)} [${column.length}]`;
      const expected = `${spec.dtype} [${rows * rowWidth(spec)}]`;
      if (got === expected) continue;
      throw runtimeError(
        'INVALID_BATCH',
        `Model ${this.card.name}: column "${name}": expected ${expected}, got ${got}`,
        { model: this.card.name, column: name, expected, got },
      );
    }
  }

  /** One run over all rows of a checked batch. Errors: MODEL_RUN_FAILED. */
  async run({ rows, columns }: Batch): Promise<ModelOutputs> {
    const feeds: Record<string, Tensor> = {};
    for (const [name, { sizes }] of Object.entries(this.card.features)) {
      feeds[name] = tensorOf(columns[name]!, [rows, ...(sizes ?? (this.matrix.get(name) ? [1] : []))]);
    }
    try {
      const results = await this.session.run(feeds);
      return Object.fromEntries(
        Object.keys(this.card.outputs).map((name) => [name, results[name]!.data as Float32Array | Float64Array]),
      );
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw runtimeError(
        'MODEL_RUN_FAILED',
        `Model ${this.card.name}: a run over ${rows} rows failed: ${why}`,
        { rows },
        cause,
      );
    }
  }

  /** What a run over no rows would give. */
  emptyOutputs(): ModelOutputs {
    const outputs = Object.entries(this.card.outputs);
    return Object.fromEntries(
      outputs.map(([name, { dtype }]) => [name, dtype === 'float64' ? new Float64Array() : new Float32Array()]),
    );
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

function tensorOf(column: Column, dims: readonly number[]): Tensor {
  if (column instanceof Float32Array) return new Tensor('float32', column, dims);
  if (column instanceof Float64Array) return new Tensor('float64', column, dims);
  if (column instanceof BigInt64Array) return new Tensor('int64', column, dims);
  return new Tensor('string', column, dims);
}

function dtypeOf(column: Column): Dtype {
  if (column instanceof Float32Array) return 'float32';
  if (column instanceof Float64Array) return 'float64';
  return column instanceof BigInt64Array ? 'int64' : 'string';
}
