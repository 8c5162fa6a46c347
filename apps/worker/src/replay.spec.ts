import { Runtime, Worker } from '@temporalio/worker';
import { recordedHistories } from './testing/recorded.histories.ts';
import { bundleWorkflows, payloadConverterPath } from './workflow.bundle.ts';

describe('the workflows of today', () => {
  let workflowBundle: { code: string };
  beforeAll(async () => (workflowBundle = await bundleWorkflows()), 60_000);
  afterAll(() => Runtime.instance().shutdown());

  const histories = recordedHistories();
  const replay = (history: (typeof histories)[number][1]) =>
    Worker.runReplayHistory({ workflowBundle, dataConverter: { payloadConverterPath } }, history);

  it('has histories of every workflow, and of the ways in which runs go on and end', () => {
    const backfills = ['completed', 'continued', 'paused-and-cancelled'].map((end) => `backfill.${end}.json`);
    const trainings = ['cancelled', 'completed', 'failed'].map((end) => `train.${end}.json`);
    expect(histories.map(([name]) => name)).toEqual(
      expect.arrayContaining([...backfills, ...trainings, 'schedule.completed.json', 'undo.completed.json']),
    );
  });

  it.each(histories)('take up %s where it stands', async (_name, history) => {
    await replay(history);
  });

  it('do not take up a history whose steps were in another order', async () => {
    const [, completed] = histories.find(([name]) => name === 'train.completed.json')!;
    const events = completed.events!.map((event) => {
      const scheduled = event.activityTaskScheduledEventAttributes;
      if (scheduled?.activityType?.name !== 'snapshot') return event;
      return { ...event, activityTaskScheduledEventAttributes: { ...scheduled, activityType: { name: 'fit' } } };
    });
    await expect(replay({ ...completed, events } as typeof completed)).rejects.toThrow(/[Nn]on-?determinism/);
  });
});
