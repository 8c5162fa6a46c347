import type { PackagingWorld } from './packaging.world.ts';

export type WorldFormat = 'csv' | 'jsonl' | 'parquet';

/** One column of a Parquet file: numbers, days (`YYYY-MM-DD` text) and text. */
export type ParquetColumn = Float64Array | Int32Array | Uint8Array | readonly (string | boolean | number | null)[];

/** Writes one Parquet file of equally long columns. Passed in, so that a simulator needs no database engine. */
export type ParquetWriter = (file: string, columns: Readonly<Record<string, ParquetColumn>>) => Promise<void>;

export interface WrittenFile {
  readonly file: string;
  readonly rows: number;
}

/**
 * Writes `products`, `package-types`, `counts` (in `format`), `tariff.json` and the folder `truth/` (`products`,
 * `probabilities`, `randomly-packed`, `constants.json`) into `directory`, which is made when absent.
 */
export function writeWorld(
  world: PackagingWorld,
  directory: string,
  format: WorldFormat,
  options: { parquet?: ParquetWriter } = {},
): Promise<readonly WrittenFile[]> {
  throw new Error(`not built yet: ${world.seed} ${directory} ${format} ${String(options.parquet)}`);
}
