import { setTimeout as sleep } from 'node:timers/promises';

import { askAt } from '../stack/app.process.ts';
import type { ReplicatedPlatform } from '../stack/replicated.platform.ts';

export interface Run {
  readonly id: string;
  readonly state: string;
  readonly progress: { readonly step: string } | null;
  readonly version: { readonly id: string; readonly digest: string } | null;
}

/** Starts a run of the damage model, by its key. */
export async function train(
  platform: ReplicatedPlatform,
  key: string,
  options: object = {},
  promote = true,
): Promise<string> {
  const { trainModel } = await askAt<{ trainModel: Run }>(
    platform.endpoint,
    'mutation($input: TrainModelInput!) { trainModel(input: $input) { id } }',
    { input: { model: 'packaging/damage', options, promote, idempotencyKey: key } },
  );
  return trainModel.id;
}

export async function look(platform: ReplicatedPlatform, id: string): Promise<Run> {
  const query = 'query($id: ID!) { run(id: $id) { id state progress { step } version { id digest } } }';
  return (await askAt<{ run: Run }>(platform.endpoint, query, { id })).run;
}

/** Waits for the end of a run, also while nobody answers. */
export async function ended(platform: ReplicatedPlatform, id: string): Promise<Run> {
  for (;;) {
    const run = await look(platform, id).catch(() => null);
    if (run !== null && !['queued', 'running'].includes(run.state)) return run;
    await sleep(100);
  }
}

export async function promote(platform: ReplicatedPlatform, id: string): Promise<void> {
  await askAt(platform.endpoint, 'mutation($id: ID!) { promoteModel(id: $id) { id } }', { id });
}
