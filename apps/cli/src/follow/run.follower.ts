import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { GatewayClient } from '../gateway/gateway.client.ts';
import { eventsOf, hasEnded } from '../gateway/run.queries.ts';

/** One line about a run: what happened to it, or what a worker logged for it. */
export interface RunLine {
  readonly at: string;
  readonly from: 'run' | 'worker';
  readonly text: string;
}

/** Where lines come from: the gateway, and the worker's log of a stack on this machine where there is one. */
export interface RunSources {
  readonly gateway: GatewayClient;
  readonly workerLog: string;
}

/** Milliseconds between two looks. */
const POLL_MS = 500;

export const lineText = ({ at, from, text }: RunLine): string => `${at}  ${from.padEnd(6)}  ${text}`;

/** Tells the lines of a run, by time within each look; with `follow` until the run has ended. @throws UNKNOWN_RUN */
export async function followRun(
  { gateway, workerLog }: RunSources,
  id: string,
  follow: boolean,
  tell: (line: RunLine) => void,
): Promise<void> {
  const logged = workerLines(workerLog, id);
  for (let after = 0; ;) {
    const { state, events } = await eventsOf(gateway, id, after);
    after = events.at(-1)?.number ?? after;
    const lines = [...events.map(({ at, text }): RunLine => ({ at, from: 'run', text })), ...(await logged())];
    lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).forEach(tell);
    if (!follow || hasEnded({ state })) return;
    await sleep(POLL_MS);
  }
}

/** Answers, at each call, the lines that were added for a run since the call before. */
function workerLines(file: string, id: string): () => Promise<RunLine[]> {
  let read = 0;
  let rest = '';
  return async () => {
    if (!existsSync(file)) return [];
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      // A log that is shorter than before was begun anew.
      if (size < read) [read, rest] = [0, ''];
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - read), 0, size - read, read);
      read += bytesRead;
      const lines = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      rest = lines.pop()!;
      return lines.flatMap((line) => lineOf(line, id));
    } finally {
      await handle.close();
    }
  };
}

function lineOf(line: string, id: string): RunLine[] {
  if (!line.includes(id)) return [];
  try {
    const { time, level, msg, workflowId, activityType, attempt } = JSON.parse(line) as Record<string, unknown>;
    if (workflowId !== id) return [];
    const step = activityType === undefined ? '' : ` (${String(activityType)}, attempt ${String(attempt)})`;
    return [{ at: String(time), from: 'worker', text: `${String(level)}: ${String(msg)}${step}` }];
  } catch {
    return [];
  }
}
