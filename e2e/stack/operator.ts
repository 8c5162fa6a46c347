import { setTimeout as sleep } from 'node:timers/promises';

import { ask, onStack } from './shared.stack.ts';

/** A run as the command line shows it, as far as scenarios look at it. */
export interface Run {
  readonly id: string;
  readonly state: string;
  readonly promotion: string | null;
  readonly approval: { readonly state: string; readonly versionId: string } | null;
  readonly backfill: { readonly done: number; readonly changed: number; readonly pausedAt: string | null } | null;
}

/** Runs a command on the shared stack and reads the JSON document that it answers. */
export async function haat<T>(...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await onStack([...args, '--json']);
  if (status !== 0 || stderr !== '') throw new Error(`haat ${args.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** The code with which a command is refused. */
export async function refused(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await onStack([...args, '--json']);
  if (status !== 1) throw new Error(`haat ${args.join(' ')} ended with ${status}, not refused: ${stdout}`);
  return (JSON.parse(stderr) as { error: { code: string } }).error.code;
}

const look = `query ($id: ID!) {
  run(id: $id) { id state promotion approval { state versionId } backfill { done changed pausedAt } }
}`;

/** Looks at a run until `reached`. The gateway is asked: a command line takes a second to start. */
export async function runUntil(id: string, reached: (run: Run) => boolean): Promise<Run> {
  for (;;) {
    const { data } = await ask<{ run: Run }>(look, { id });
    if (data && reached(data.run)) return data.run;
    await sleep(100);
  }
}
