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
    const ends = {
      backfill: ['completed', 'continued', 'paused-and-cancelled'],
      drift: ['completed'],
      infer: ['completed', 'failed', 'replayed'],
      ingest: ['completed', 'unchanged'],
      schedule: ['completed'],
      simulate: ['cancelled', 'completed', 'failed'],
      skew: ['completed', 'failed', 'replayed'],
      train: ['approved', 'cancelled', 'completed', 'expired', 'failed', 'rejected'],
      undo: ['completed'],
    };
    expect(histories.map(([name]) => name)).toEqual(
      expect.arrayContaining(
        Object.entries(ends).flatMap(([workflow, of]) => of.map((end) => `${workflow}.${end}.json`)),
      ),
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

  it.each([
    [
      'asks for the terms of promotion also where an old run never did',
      /\(0,\s*\w+\.patched\)\(['"]approval['"]\)/,
      'true',
    ],
    ['leaves out the step of evaluating', /await begin\(['"]evaluate['"]\);/, ''],
  ])('refuse what stands open when a change %s', async (_change, place, changed) => {
    const { code } = workflowBundle;
    const [, completed] = histories.find(([name]) => name === 'train.completed.json')!;
    const incompatible = { code: code.replace(place, changed) };
    expect(incompatible.code).not.toBe(code);
    const replayed = Worker.runReplayHistory(
      { workflowBundle: incompatible, dataConverter: { payloadConverterPath } },
      completed,
    );
    await expect(replayed).rejects.toThrow(/[Nn]on-?determinism/);
  });
});
