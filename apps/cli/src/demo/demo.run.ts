import type { GatewayClient } from '../gateway/gateway.client.ts';
import { completed, hasEnded, type Run } from '../gateway/run.queries.ts';
import { watchRun } from '../gateway/run.watch.ts';
import { runText } from '../output/run.text.ts';
import type { StepVoice } from '../stack/steps.ts';

/**
 * A run of the demo: the one that an earlier start began, or another one after it where that one failed; watched to its end. `start` asks for
 * the run, with the key of a repeat where one is wanted. `isThere` says that it had completed before.
 * @throws RUN_FAILED, and what `start` throws
 */
export async function demoRun(
  gateway: GatewayClient,
  start: (idempotencyKey?: string) => Promise<Run>,
  voice: StepVoice,
  signal: AbortSignal,
): Promise<{ readonly run: Run; readonly isThere: boolean }> {
  const begun = await start();
  if (begun.state === 'completed') return { run: begun, isThere: true };
  const { id } = hasEnded(begun) ? await start(`demo after ${begun.id}`) : begun;
  const run = completed(await watchRun(gateway, id, (look) => voice.say(runText(look)), signal));
  return { run, isThere: false };
}
