import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTable, type ParquetWriter, type WorldFormat, type WrittenFile } from '../tables/table.writer.ts';
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
  await mkdir(join(directory, 'truth'), { recursive: true });
  const written: WrittenFile[] = [];
  for (const [name, table] of Object.entries(worldTables(world))) {
    const file = join(directory, `${name}.${format}`);
    await writeTable(file, table, format, options.parquet);
    written.push({ file, rows: table.rows });
  }
  const { seed, firstDay, days } = world;
  const json = { 'tariff.json': world.tariff, 'truth/constants.json': { seed, firstDay, days, ...packagingConstants } };
  for (const [name, value] of Object.entries(json)) {
    const file = join(directory, name);
    await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
    written.push({ file, rows: 1 });
  }
  return written;
}
