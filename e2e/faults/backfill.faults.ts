import { setTimeout as sleep } from 'node:timers/promises';

import { askAt } from '../stack/app.process.ts';
import type { ReplicatedPlatform } from '../stack/replicated.platform.ts';
import {
  codesWhile,
  secondsUntilBack,
  type FaultDriver,
  type FaultOptions,
  type FaultOutcome,
} from './fault.driver.ts';
import { ended } from './training.runs.ts';

/** Slow enough that a run goes on while whoever strikes makes up his mind. */
const pace = { chunkSize: 100, rowsPerSecond: 1_000 };
/** Share of the rows by which the fault has struck. */
const struckBy = 0.7;
const PAGE = 100;

/** One of the apps that serve is killed while every product is backfilled, another while that is undone; clients ask all the time. */
export const appKilledInBackfill: FaultDriver = async (platform, options) => {
  const outcomes: FaultOutcome[] = [];
  for (const round of options.each()) {
    const fault = { fault: 'app killed in a backfill', round };
    const before = await recommendations(platform);
    const key = `app killed ${options.seed}/${round}`;
    const run = await start(platform, 'startBackfill(input: $input)', '$input: StartBackfillInput!', {
      input: { model: 'packaging/damage', selection: { which: 'all' }, ...pace, idempotencyKey: key },
    });
    const filling = await strike(platform, run, options);
    const after = await recommendations(platform);
    const lost = [...before.keys()].filter((id) => after.get(id)?.runId !== run).length;
    outcomes.push({ ...fault, ...filling, lost: lost + filling.lost });

    const undo = await start(
      platform,
      'undoBackfill(run: $run, chunkSize: $chunkSize, rowsPerSecond: $rowsPerSecond)',
      '$run: ID!, $chunkSize: Int!, $rowsPerSecond: Float!',
      { run, ...pace },
    );
    const undoing = await strike(platform, undo, options);
    const undone = await recommendations(platform);
    const half = [...before].filter(([id, row]) => JSON.stringify(undone.get(id)) !== JSON.stringify(row)).length;
    outcomes.push({ ...fault, ...undoing, half });
  }
  return outcomes;
};

/** Kills an app that the seed chooses, when the run has come as far as the seed says; waits for the end of the run. */
async function strike(
  platform: ReplicatedPlatform,
  run: string,
  { chance, now }: FaultOptions,
): Promise<Omit<FaultOutcome, 'fault' | 'round'>> {
  const share = chance() * struckBy;
  const victims = [...platform.replicas.packaging, ...platform.replicas.platform];
  const victim = victims[Math.floor(chance() * victims.length)]!;
  let secondsBack = 0;
  const codes = await codesWhile(platform, async () => {
    while ((await shareDone(platform, run)) < share) await sleep(20);
    await platform.restart(victim, 'SIGKILL');
    secondsBack = await secondsUntilBack(platform, now);
  });
  const { state } = await ended(platform, run);
  return { codes, lost: state === 'completed' ? 0 : 1, secondsBack };
}

async function start(
  platform: ReplicatedPlatform,
  field: string,
  parameters: string,
  variables: object,
): Promise<string> {
  const query = `mutation(${parameters}) { started: ${field} { id } }`;
  return (await askAt<{ started: { id: string } }>(platform.endpoint, query, variables)).started.id;
}

async function shareDone(platform: ReplicatedPlatform, id: string): Promise<number> {
  const query = 'query($id: ID!) { run(id: $id) { state backfill { done total } } }';
  interface Run {
    readonly state: string;
    readonly backfill: { readonly done: number; readonly total: number } | null;
  }
  const { state, backfill } = (await askAt<{ run: Run }>(platform.endpoint, query, { id })).run;
  if (!['queued', 'running'].includes(state)) throw new Error(`the run was ${state} before anything struck`);
  return backfill === null || backfill.total === 0 ? 0 : backfill.done / backfill.total;
}

interface Recommendation {
  readonly runId: string;
  readonly packageType: string | null;
  readonly decidedAt: string;
}

/** What is recommended for each product, page by page. */
async function recommendations(platform: ReplicatedPlatform): Promise<ReadonlyMap<string, Recommendation | null>> {
  const query =
    'query($first: Int!, $after: String) { products(first: $first, after: $after) { edges { node { id recommendation { runId packageType decidedAt } } } pageInfo { hasNextPage endCursor } } }';
  interface Page {
    readonly edges: readonly {
      readonly node: { readonly id: string; readonly recommendation: Recommendation | null };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  }
  const all = new Map<string, Recommendation | null>();
  for (let after: string | null = null; ;) {
    const { products }: { products: Page } = await askAt(platform.endpoint, query, { first: PAGE, after });
    for (const { node } of products.edges) all.set(node.id, node.recommendation);
    if (!products.pageInfo.hasNextPage) return all;
    after = products.pageInfo.endCursor;
  }
}
