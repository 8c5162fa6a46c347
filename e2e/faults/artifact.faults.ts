import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ReplicatedPlatform } from '../stack/replicated.platform.ts';
import { ask, codesWhile, secondsUntilBack, type FaultDriver, type FaultOutcome } from './fault.driver.ts';
import { ended, promote, train } from './training.runs.ts';

/** Regions of the file; one byte in each is damaged. */
const REGIONS = 8;
const ANSWERS = 10;

interface Version {
  readonly id: string;
  readonly digest: string;
}

/** The store holds another artifact than was trained, one byte in each region of the file. The version before must serve on. */
export const artifactDamagedInStore: FaultDriver = async (platform, { each, seed, chance, now }) => {
  const outcomes: FaultOutcome[] = [];
  for (const round of each()) {
    const next = await candidates(platform, `damaged in the store ${seed}/${round}`, 20 + 2 * round);
    const before = await serving(platform);
    const files = next.map(({ digest }) => join(platform.objects.objects, 'artifacts', digest.slice(0, 2), digest));
    const whole = await Promise.all(files.map((file) => readFile(file)));
    for (let region = 0; region < REGIONS; region++) {
      const turn = region % next.length;
      const bad = Buffer.from(whole[turn]!);
      bad[Math.floor(((region + chance()) / REGIONS) * bad.length)]! ^= 1;
      await writeFile(files[turn]!, bad);
      const outcome = await whileRefused(platform, next[turn]!, before, now);
      outcomes.push({ fault: `artifact damaged in the store, region ${region}`, round, ...outcome });
    }
    // Not before: an app that is loading one would find it whole, and serve it for a moment.
    for (const [at, file] of files.entries()) await writeFile(file, whole[at]!);
    await untilServes(platform, next[0]!);
  }
  return outcomes;
};

/** The artifact changes or breaks off on its way from the store, or does not come. The version before must serve on. */
export const artifactDamagedInTransit: FaultDriver = async (platform, { each, seed, chance, now }) => {
  const outcomes: FaultOutcome[] = [];
  for (const round of each()) {
    const next = await candidates(platform, `damaged in transit ${seed}/${round}`, 120 + 2 * round);
    const before = await serving(platform);
    const faults = [
      { kind: 'flip', every: 4_096, phase: 1_000 + Math.floor(chance() * 3_000) },
      { kind: 'truncate', after: 2_000 + Math.floor(chance() * 2_000) },
      { kind: 'stall' },
      { kind: 'refuse' },
    ] as const;
    for (const [at, fault] of faults.entries()) {
      await platform.wires.objects.set(fault);
      const outcome = await whileRefused(platform, next[at % next.length]!, before, now);
      outcomes.push({ fault: `artifact in transit: ${fault.kind}`, round, ...outcome });
    }
    await platform.wires.objects.set(null);
    await untilServes(platform, next[0]!);
  }
  return outcomes;
};

/**
 * Two versions that are trained and not promoted. They take turns: an app may not hear of one that was promoted, taken back and
 * promoted again at once.
 */
async function candidates(platform: ReplicatedPlatform, key: string, ridge: number): Promise<readonly Version[]> {
  return [await candidate(platform, key, ridge), await candidate(platform, `${key}, the other`, ridge + 1)];
}

async function candidate(platform: ReplicatedPlatform, key: string, ridge: number): Promise<Version> {
  const { version, state } = await ended(platform, await train(platform, key, { ridge }, false));
  if (version === null) throw new Error(`the run ended ${state} and without a version`);
  return version;
}

/**
 * Promotes a version that cannot be loaded and waits until every packaging app has refused it; counts the answers that did not
 * come from the version before, which is promoted again then.
 */
async function whileRefused(
  platform: ReplicatedPlatform,
  next: Version,
  before: Version,
  now: () => number,
): Promise<Omit<FaultOutcome, 'fault' | 'round'>> {
  const refusals = () => Promise.all(platform.replicas.packaging.map(({ url }) => refused(url)));
  const known = await refusals();
  let lost = 0;
  const codes = await codesWhile(platform, async () => {
    await promote(platform, next.id);
    while ((await refusals()).some((count, i) => count === known[i])) await sleep(50);
    for (let answer = 0; answer < ANSWERS; answer++) {
      if ((await serving(platform)).digest !== before.digest) lost += 1;
    }
    await promote(platform, before.id);
  });
  return { codes, lost, secondsBack: await secondsUntilBack(platform, now) };
}

const serving = async (platform: ReplicatedPlatform): Promise<Version> => (await ask(platform)).product.packaging.model;

/** Promotes a version and waits until all answers come from it. */
async function untilServes(platform: ReplicatedPlatform, { id, digest }: Version): Promise<void> {
  await promote(platform, id);
  for (let right = 0; right < ANSWERS;) {
    right = (await serving(platform)).digest === digest ? right + 1 : 0;
    if (right === 0) await sleep(50);
  }
}

/** How many promoted champions an app has refused so far. */
async function refused(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/haat_model_swaps_total\{[^}]*alias="champion",outcome="refused"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
}
