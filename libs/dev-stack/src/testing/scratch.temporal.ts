import { join } from 'node:path';
import { findTemporal, startTemporal, type TemporalServer } from '../temporal/index.ts';
import { freePort } from '../free.port.ts';

/** A Temporal server for one test file, empty, on free ports, with its database and log in `folder`. */
export async function startScratchTemporal(folder: string): Promise<TemporalServer> {
  const { path: binary } = await findTemporal();
  const [port, uiPort] = [await freePort(), await freePort()];
  const files = { database: join(folder, 'temporal.db'), log: join(folder, 'temporal.log') };
  return startTemporal({ binary, ...files, port, uiPort });
}
