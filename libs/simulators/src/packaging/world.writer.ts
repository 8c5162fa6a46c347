import { join } from 'node:path';
import { writeContent, type ParquetWriter, type WorldFormat, type WrittenFile } from '../files/table.writer.ts';
import { packagingConstants } from './packaging.constants.ts';
import type { PackagingWorld } from './packaging.world.ts';
import { worldTableNames, worldTables } from './world.tables.ts';

/** The files that `writeWorld` writes. */
export function worldFiles(directory: string, format: WorldFormat): readonly string[] {
  const tables = worldTableNames.map((name) => `${name}.${format}`);
  return [...tables, 'tariff.json', 'truth/constants.json'].map((name) => join(directory, name));
}

/**
 * Writes `products`, `package-types`, `counts` (in `format`), `tariff.json` and the folder `truth/` (`products`,
 * `probabilities`, `randomly-packed`, `constants.json`) into `directory`, which is made when absent. The same world gives the same
 * bytes.
 */
export async function writeWorld(
  world: PackagingWorld,
  directory: string,
  format: WorldFormat,
  options: { readonly parquet?: ParquetWriter } = {},
): Promise<readonly WrittenFile[]> {
  const { seed, firstDay, days } = world;
  const documents = {
    'tariff.json': world.tariff,
    'truth/constants.json': { seed, firstDay, days, ...packagingConstants },
  };
  return writeContent({ tables: worldTables(world), documents }, directory, format, options);
}
