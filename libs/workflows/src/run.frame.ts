import { CancellationScope } from '@temporalio/workflow';
import { domainErrorOf } from './failure.mapping.ts';

/** How a run that did not complete ended. */
export interface RunFailure {
  readonly state: 'failed' | 'cancelled';
  readonly code: string;
  readonly message: string;
}

/** What writes down that a run began, and how it ended. */
export interface RunFrame<Result> {
  open(): Promise<void>;
  complete(result: Result): Promise<void>;
  fail(failure: RunFailure): Promise<void>;
}

/** The frame of a run: its row is opened, and closed with what came of it, however it ends. */
export async function framedRun<Result>(frame: RunFrame<Result>, work: () => Promise<Result>): Promise<Result> {
  try {
    await frame.open();
    const result = await work();
    await frame.complete(result);
    return result;
  } catch (caught) {
    const { code, message } = domainErrorOf(caught);
    const state = code === 'RUN_CANCELLED' ? 'cancelled' : 'failed';
    await CancellationScope.nonCancellable(() => frame.fail({ state, code, message }));
    throw caught;
  }
}
