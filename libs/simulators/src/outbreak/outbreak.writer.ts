import { join } from 'node:path';
import { writeContent, type ParquetWriter, type WorldFormat, type WrittenFile } from '../files/table.writer.ts';
import { requireDay } from './outbreak.options.ts';
import { outbreakTableNames, outbreakTables } from './outbreak.tables.ts';
import type { OutbreakWorld } from './outbreak.world.ts';

/** The files that `writeOutbreak` writes. */
export function outbreakFiles(directory: string, format: WorldFormat): readonly string[] {
  return [...outbreakTableNames.map((name) => `${name}.${format}`), 'parameters.json'].map((name) =>
    join(directory, name),
  );
}

/**
 * Writes `persons`, `contacts`, `tests`, `symptoms` (in `format`), `parameters.json` and, in the folder `truth/`, the days on which each person came into
 * E, I and R and who infected it. The same world gives the same bytes.
 *
 * @param lastDay date of the last day, `YYYY-MM-DD`
 * @throws INVALID_WORLD for a last day that is none
 */
export async function writeOutbreak(
  world: OutbreakWorld,
  lastDay: string,
  directory: string,
  format: WorldFormat,
  options: { readonly parquet?: ParquetWriter } = {},
): Promise<readonly WrittenFile[]> {
  requireDay(lastDay);
  const documents = { 'parameters.json': world.observed.parameters };
  return writeContent({ tables: outbreakTables(world, lastDay), documents }, directory, format, options);
}
