import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '@haat/data-access';
import { startScratchDatabase } from '@haat/data-access/testing';
import { importPackaging, packagingEntities, packagingMigrations } from '@haat/packaging/store';
import { simulatePackaging, worldTables, writeWorld } from '@haat/simulators';

const SEED = 1;
const PEER_ROWS = 100_000;
/** Rows of one statement of the peer: five values each, and PostgreSQL takes 65,535 in one. */
const PEER_BATCH = 10_000;

/** Both sides write to the same server, which does not wait for the disk. */
export async function run(reporter) {
  const world = simulatePackaging({ seed: SEED });
  const folder = mkdtempSync(join(tmpdir(), 'haat-bench-import-'));
  const scratch = await startScratchDatabase({ migrations: [packagingMigrations] });
  const database = await connectDatabase({ url: scratch.urls.haat_packaging_task, entities: packagingEntities });
  const row = (metric, value, unit, size, peer) =>
    reporter.row({ metric, value, unit, size: `${size} rows`, seed: SEED, peer });
  try {
    await writeWorld(world, folder, 'csv');
    const elapsed = async (work) => {
      const start = performance.now();
      const result = await work();
      return { seconds: (performance.now() - start) / 1000, result };
    };
    const first = await elapsed(() => importPackaging(database, folder));
    const { accepted, rejected, changed } = first.result;
    reporter.note(`import: ${accepted} rows accepted, ${rejected} rejected, ${changed} added`);
    row('import.first', accepted / first.seconds, 'rows/s', accepted);
    row('import.first.time', first.seconds, 's', accepted);
    const again = await elapsed(() => importPackaging(database, folder));
    row('import.again', again.result.accepted / again.seconds, 'rows/s', again.result.accepted);

    const owner = await connectDatabase({ url: scratch.url });
    // Facts are added only: no role of an app may do what an upsert does.
    await owner.pool.query(
      'truncate packaging.shipment_count; grant update on packaging.shipment_count to haat_packaging_task',
    );
    await owner.close();
    const { columns } = worldTables(world).counts;
    const rows = Array.from({ length: PEER_ROWS }, (_, at) => ({
      productId: columns.product_id[at],
      package: columns.package[at],
      day: columns.day[at],
      shipments: columns.shipments[at],
      damages: columns.damages[at],
      revision: 1,
    }));
    const entity = packagingEntities.find(({ name }) => name === 'ShipmentCountEntity');
    const counts = database.source.getRepository(entity);
    for (const metric of ['import.first', 'import.again']) {
      const upserted = await elapsed(async () => {
        for (let at = 0; at < rows.length; at += PEER_BATCH) {
          await counts.upsert(rows.slice(at, at + PEER_BATCH), ['productId', 'package', 'day', 'revision']);
        }
      });
      row(metric, rows.length / upserted.seconds, 'rows/s', rows.length, 'TypeORM upsert, rows in memory');
    }
  } finally {
    await database.close();
    await scratch.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
