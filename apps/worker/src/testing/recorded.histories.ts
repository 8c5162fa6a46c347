import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const folder = join(import.meta.dirname, '..', 'histories');

type History = ReturnType<typeof historyFromJSON>;

/** Histories that earlier versions of the workflows left, by name. They must replay for as long as such runs may be open. */
export function recordedHistories(): [name: string, history: History][] {
  return readdirSync(folder)
    .sort()
    .map((file) => [file, historyFromJSON(JSON.parse(readFileSync(join(folder, file), 'utf8')))]);
}

/** Keeps a history under `name`, without what tells of the machine. */
export function recordHistory(name: string, history: History): void {
  const told = JSON.parse(historyToJSON(history), (key, value: unknown) => {
    if (['stackTrace', 'identity', 'binaryChecksum', 'firstExecutionRunId'].includes(key)) return undefined;
    return typeof value === 'string' && /^\d+@/.test(value) ? 'worker' : value;
  }) as unknown;
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(told, null, 1)}\n`);
}
