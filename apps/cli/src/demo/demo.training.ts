import { cliError } from '../cli.errors.ts';
import type { GatewayClient } from '../gateway/gateway.client.ts';
import { championOf } from '../gateway/model.queries.ts';
import { completed, hasEnded, startTraining } from '../gateway/run.queries.ts';
import { watchRun } from '../gateway/run.watch.ts';
import { runText } from '../output/run.text.ts';
import type { StepVoice } from '../stack/steps.ts';

export const DEMO_MODEL = 'packaging/damage';

/**
 * Trains the demo's model through Temporal unless a version of it answers already; a run that an earlier start began is
 * watched to its end, one that failed is followed by another.
 * @throws RUN_FAILED, NO_CHAMPION
 */
export async function trainDemo(gateway: GatewayClient, voice: StepVoice, signal: AbortSignal): Promise<void> {
  const before = await championOf(gateway, DEMO_MODEL);
  if (before !== null) {
    voice.title(`Model ${DEMO_MODEL}: version ${before.version} is there already`);
    return;
  }
  const request = { model: DEMO_MODEL, idempotencyKey: 'demo' };
  const begun = await startTraining(gateway, request);
  const again = hasEnded(begun) && begun.state !== 'completed';
  const started = again
    ? await startTraining(gateway, { ...request, idempotencyKey: `demo after ${begun.id}` })
    : begun;
  const run = completed(await watchRun(gateway, started.id, (look) => voice.say(runText(look)), signal));
  const champion = await championOf(gateway, DEMO_MODEL);
  if (champion === null) {
    throw cliError(
      'NO_CHAMPION',
      `Run ${run.id} completed, and its version did not pass its gates. See why with: haat evaluate ${run.version?.id ?? DEMO_MODEL}`,
      { run: run.id },
    );
  }
  voice.title(`Model ${DEMO_MODEL}: version ${champion.version} trained through Temporal and promoted`);
}
