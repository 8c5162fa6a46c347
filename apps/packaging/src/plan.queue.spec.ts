import { setImmediate as turn } from 'node:timers/promises';
import { PlanQueue } from './plan.queue.ts';

describe('PlanQueue', () => {
  it('makes one plan at a time, in order, and lets others have their turn between two', async () => {
    const queue = new PlanQueue();
    const told: string[] = [];
    const plan = (name: string) =>
      queue.run(async () => {
        told.push(`${name} begins`);
        await turn();
        told.push(`${name} ends`);
      });
    const plans = Promise.all([plan('one'), plan('two')]);
    let asked = 0;
    while (!told.includes('two ends')) {
      asked += 1;
      await turn();
    }
    await plans;
    expect(told).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
    expect(asked).toBeGreaterThanOrEqual(4);
  });

  it('refuses what cannot wait any more, and takes plans again when some are made', async () => {
    const queue = new PlanQueue();
    const plans = Array.from({ length: 70 }, () => queue.run(async () => 'made'));
    const outcomes = await Promise.allSettled(plans);
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(outcomes).toHaveLength(70);
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'PLANNER_BUSY', details: { waiting: 64 } });
    expect(await queue.run(async () => 'made')).toBe('made');
  });

  it('goes on after a plan that failed', async () => {
    const queue = new PlanQueue();
    await expect(queue.run(() => Promise.reject(new Error('no plan')))).rejects.toThrow('no plan');
    expect(await queue.run(async () => 'made')).toBe('made');
  });
});
