import { setTimeout as sleep } from 'node:timers/promises';

import { askAt } from '../stack/app.process.ts';
import type { ReplicatedPlatform } from '../stack/replicated.platform.ts';
import { ask, codesWhile, secondsUntilBack, type FaultDriver, type FaultOutcome } from './fault.driver.ts';
import { ended, look, train } from './training.runs.ts';

/** PostgreSQL ends under load and is started again; what was recorded before must be there after it. */
const postgresEnds =
  (fault: string, strike: (platform: ReplicatedPlatform) => Promise<void>): FaultDriver =>
  async (platform, { each, chance, now }) => {
    const outcomes: FaultOutcome[] = [];
    for (const round of each()) {
      const known = (await ask(platform)).product.packaging.predictionId;
      let secondsBack = 0;
      const codes = await codesWhile(platform, async () => {
        await sleep(chance() * 500);
        await strike(platform);
        secondsBack = await secondsUntilBack(platform, now);
      });
      const lost = (await isRecorded(platform, known)) ? 0 : 1;
      outcomes.push({ fault, round, codes, lost, secondsBack });
    }
    return outcomes;
  };

export const postgresRestarted = postgresEnds('PostgreSQL restarted', (platform) => platform.restartPostgres());
export const postgresKilled = postgresEnds('PostgreSQL killed', (platform) => platform.killPostgres());

const steps = ['snapshot', 'fit', 'evaluate'] as const;

/** Waits until an open run has come to a step. Throws when the run ended without being seen in it or after it. */
async function untilIn(platform: ReplicatedPlatform, id: string, step: (typeof steps)[number]): Promise<void> {
  const reached: readonly string[] = steps.slice(steps.indexOf(step));
  for (;;) {
    const { state, progress } = await look(platform, id);
    if (!['queued', 'running'].includes(state)) throw new Error(`the run was ${state} before Temporal was restarted`);
    if (progress !== null && reached.includes(progress.step)) return;
  }
}

/** Temporal is restarted while a model trains, in a step that the seed chooses; the run must come to its end. */
export const temporalRestarted: FaultDriver = async (platform, { each, seed, chance, now }) => {
  const outcomes: FaultOutcome[] = [];
  for (const round of each()) {
    const run = await train(platform, `temporal restarted ${seed}/${round}`, {}, false);
    await untilIn(platform, run, steps[Math.floor(chance() * steps.length)]!);
    let secondsBack = 0;
    const codes = await codesWhile(platform, async () => {
      await platform.restartTemporal();
      secondsBack = await secondsUntilBack(platform, now);
    });
    const { state } = await ended(platform, run);
    outcomes.push({
      fault: 'Temporal restarted during a run',
      round,
      codes,
      lost: state === 'completed' ? 0 : 1,
      secondsBack,
    });
  }
  return outcomes;
};

/** The database answers late, then not at all on connections that stay open (half-open), then refuses connections. */
export const databaseUnwell: FaultDriver = async (platform, { each, now }) => {
  const outcomes: FaultOutcome[] = [];
  const faults = [{ kind: 'latency', milliseconds: 100 }, { kind: 'stall' }, { kind: 'refuse' }] as const;
  for (const round of each()) {
    for (const fault of faults) {
      const known = (await ask(platform)).product.packaging.predictionId;
      const codes = await codesWhile(platform, async () => {
        await platform.wires.postgres.set(fault);
        await sleep(3_000);
        await platform.wires.postgres.set(null);
      });
      const secondsBack = await secondsUntilBack(platform, now);
      const lost = (await isRecorded(platform, known)) ? 0 : 1;
      outcomes.push({ fault: `database: ${fault.kind}`, round, codes, lost, secondsBack });
    }
  }
  return outcomes;
};

async function isRecorded(platform: ReplicatedPlatform, id: string): Promise<boolean> {
  const { prediction } = await askAt<{ prediction: { id: string } | null }>(
    platform.endpoint,
    'query($id: ID!) { prediction(id: $id) { id } }',
    { id },
  );
  return prediction?.id === id;
}
