import type { GatewayClient } from './gateway.client.ts';

export interface DriftFeature {
  readonly feature: string;
  readonly psi: number;
  readonly threshold: number | null;
  readonly missingShare: number;
  readonly drifted: boolean;
}

export interface DriftDay {
  readonly day: string;
  readonly version: number;
  readonly rows: number;
  readonly features: readonly DriftFeature[];
}

export interface Difference {
  readonly path: string;
  readonly recorded: string;
  readonly replayed: string;
  readonly difference: number | null;
}

export interface PredictionReplay {
  readonly id: string;
  readonly versionId: string;
  readonly same: boolean;
  readonly inputs: readonly Difference[];
  readonly outputs: readonly Difference[];
}

/** The last days that were profiled, the oldest first. */
export async function driftOf(gateway: GatewayClient, model: string, days: number): Promise<readonly DriftDay[]> {
  const { driftProfiles } = await gateway.ask<{ driftProfiles: DriftDay[] }>(
    `query CliDrift($model: ID!, $days: Int!) {
      driftProfiles(model: $model, days: $days) {
        day version rows features { feature psi threshold missingShare drifted }
      }
    }`,
    { model, days },
  );
  return driftProfiles;
}

/** Starts a profile of a day, or finds the one that was started; answers the run's id. */
export async function startDrift(gateway: GatewayClient, input: object): Promise<string> {
  const { startDriftProfile } = await gateway.ask<{ startDriftProfile: { id: string } }>(
    'mutation CliProfile($input: DriftProfileInput!) { startDriftProfile(input: $input) { id } }',
    { input },
  );
  return startDriftProfile.id;
}

/** Starts an audit of recorded predictions, or finds the one that was started; answers the run's id. */
export async function startSkew(gateway: GatewayClient, input: object): Promise<string> {
  const { startSkewAudit } = await gateway.ask<{ startSkewAudit: { id: string } }>(
    'mutation CliAudit($input: SkewAuditInput!) { startSkewAudit(input: $input) { id } }',
    { input },
  );
  return startSkewAudit.id;
}

export async function replayOf(gateway: GatewayClient, id: string): Promise<PredictionReplay> {
  const fields = 'path recorded replayed difference';
  const { replayPrediction } = await gateway.ask<{ replayPrediction: PredictionReplay }>(
    `query CliReplay($id: ID!) {
      replayPrediction(id: $id) { id versionId same inputs { ${fields} } outputs { ${fields} } }
    }`,
    { id },
  );
  return replayPrediction;
}
