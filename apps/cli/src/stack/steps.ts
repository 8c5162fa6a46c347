import { Listr, PRESET_TIMER, type ListrTask } from 'listr2';

import type { Output } from '../output/output.ts';

/** What a step tells while it works. */
export interface StepVoice {
  /** Where the step is, shown until the next word. On a plain stream a line, at most one in a few seconds. */
  say(text: string): void;
  /** Replaces the title. */
  title(text: string): void;
}

/** One thing that is done, with a title for people. */
export interface Step {
  readonly title: string;
  readonly run: (voice: StepVoice) => Promise<void>;
}

/** Steps that run one after the other, or all at once. */
export interface StepGroup {
  readonly title: string;
  readonly steps: readonly (Step | StepGroup)[];
  readonly atOnce?: boolean;
}

export interface StepTime {
  readonly title: string;
  readonly milliseconds: number;
}

/** Milliseconds between two lines of one step where nobody watches a terminal. */
const PLAIN_LINE_MS = 5_000;

/**
 * Runs steps and shows each with how long it took: live on a terminal, as plain lines otherwise, silent with `--json`. The
 * first failure stops what has not begun and is thrown; what an aborted `signal` ends says that alone. Returns the times in the order of completion.
 */
export async function runSteps(
  steps: readonly (Step | StepGroup)[],
  output: Output,
  signal: AbortSignal,
): Promise<readonly StepTime[]> {
  const times: StepTime[] = [];
  let failure: unknown = null;
  const live = output.stderr.isTTY === true;
  const voiceOf = (task: { title: string | undefined; output: string | undefined }): StepVoice => {
    let last = -Infinity;
    return {
      say(text) {
        if (!live && Date.now() - last < PLAIN_LINE_MS) return;
        last = Date.now();
        task.output = text;
      },
      title: (text) => void (task.title = text),
    };
  };
  const taskOf = (step: Step | StepGroup): ListrTask => ({
    title: step.title,
    task: async (_, task) => {
      if ('steps' in step) return task.newListr(step.steps.map(taskOf), { concurrent: step.atOnce ?? false });
      const start = performance.now();
      try {
        await step.run(voiceOf(task));
      } catch (thrown) {
        // The first failure is told in full at the end; what it stops has nothing to add.
        const first = failure === null;
        if (first) failure = thrown;
        throw new Error(signal.aborted ? 'interrupted' : first ? 'see below' : 'stopped', { cause: thrown });
      }
      times.push({ title: task.title, milliseconds: Math.round(performance.now() - start) });
      return undefined;
    },
  });
  const list = new Listr(steps.map(taskOf), {
    concurrent: false,
    registerSignalListeners: false,
    renderer: output.json ? 'silent' : live ? 'default' : 'simple',
    rendererOptions: {
      timer: PRESET_TIMER,
      ...(live && { collapseSubtasks: false, showErrorMessage: false, collapseErrors: false }),
    },
  });
  try {
    await list.run();
  } catch (thrown) {
    throw failure ?? thrown;
  }
  return times;
}
