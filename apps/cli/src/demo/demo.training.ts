import type { DomainDemo } from '../domains/domain.tools.ts';
import type { GatewayClient } from '../gateway/gateway.client.ts';
import { championOf } from '../gateway/model.queries.ts';
import { startTraining } from '../gateway/run.queries.ts';
import type { StepVoice } from '../stack/steps.ts';
import { demoRun } from './demo.run.ts';

/**
 * Trains a model of the demo through Temporal unless a version of it answers already; a run that an earlier start began is
 * watched to its end, one that failed is followed by another. It is the run of `haat train` with the demo's options (for packaging,
 * none): who asks for that later finds this one. Returns the version that did not pass its gates, so that none
 * answers; null where one does.
 * @throws RUN_FAILED
 */
export async function trainDemo(
  { model, training: options }: Pick<DomainDemo, 'model' | 'training'>,
  gateway: GatewayClient,
  voice: StepVoice,
  signal: AbortSignal,
): Promise<string | null> {
  const before = await championOf(gateway, model);
  if (before !== null) {
    voice.title(`Model ${model}: version ${before.version} is there already`);
    return null;
  }
  const train = (idempotencyKey?: string) => startTraining(gateway, { model, options, idempotencyKey });
  const { run } = await demoRun(gateway, train, voice, signal);
  const champion = await championOf(gateway, model);
  if (champion === null) {
    const refused = run.version?.id ?? model;
    voice.title(`Model ${refused}: trained through Temporal, and not promoted: it did not pass its gates`);
    return refused;
  }
  voice.title(`Model ${model}: version ${champion.version} trained through Temporal and promoted`);
  return null;
}
