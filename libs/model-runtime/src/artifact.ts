import type { Batch, ModelCard } from '@haat/kit';

/** One replay case: a raw input (one row, before features) and the outputs that training computed for it. */
export interface GoldenCase {
  readonly input: unknown;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

/** Where an artifact came from. The same lineage gives the same bytes on one machine. */
export interface Lineage {
  readonly dataset: { readonly digest: string; readonly rows: number; readonly asOf: string };
  readonly heldOut: { readonly digest: string };
  readonly seed: number;
  readonly options: Readonly<Record<string, unknown>>;
  /** How the steps of a network's fit went. */
  readonly fit?: {
    /** Steps that were done, and after how many the weights that serve were reached. */
    readonly step: number;
    readonly bestStep: number;
    readonly stoppedEarly: boolean;
    /** SHA-256 of all that went round at the end, in hex. */
    readonly digest: string;
  };
}

/**
 * What an artifact says of itself, in the ONNX file's `metadata_props` (`haat.card`, `haat.lineage`, `haat.golden`,
 * `haat.context`), or in a JSON object of these names where there is no graph. `context` is the domain's own: what a reader needs
 * beside the graph, such as the package catalogue; without a graph the parameters.
 */
export interface ArtifactMetadata<Context = unknown> {
  readonly card: ModelCard;
  readonly lineage: Lineage;
  readonly golden: readonly GoldenCase[];
  readonly context: Context;
}

/** Turns raw inputs into the graph's input columns. Pure: the same function in training, serving and replay. */
export type Encode<Input = unknown> = (inputs: readonly Input[], context: unknown) => Batch;
