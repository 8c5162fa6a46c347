import type { Temporal } from './temporal.connection.ts';
import { workflowError } from '../workflows.errors.ts';

/** The name under which all builds of Haat's worker stand in Temporal. */
export const workerDeployment = 'haat';

/** One build of the worker, as Temporal knows it. */
export interface WorkerBuild {
  readonly buildId: string;
  /** Runs that begin now begin on it. */
  readonly current: boolean;
  /** Whether runs may still be on it: `draining` until the last has ended. */
  readonly state: 'current' | 'draining' | 'drained' | 'inactive';
}

/** Builds whose workers have polled, the newest first; none where workers are not versioned. Errors: TEMPORAL_UNREACHABLE. */
export async function workerBuilds(temporal: Temporal): Promise<readonly WorkerBuild[]> {
  const { client, namespace } = temporal;
  const found = await client.workflowService
    .describeWorkerDeployment({ namespace, deploymentName: workerDeployment })
    .catch((cause: { code?: number }) => {
      if (cause.code === NOT_FOUND) return null;
      throw workflowError('TEMPORAL_UNREACHABLE', 'Temporal does not tell the builds of its workers', {}, cause);
    });
  const info = found?.workerDeploymentInfo;
  const current = info?.routingConfig?.currentDeploymentVersion?.buildId;
  return (info?.versionSummaries ?? [])
    .map(({ deploymentVersion, status }) => ({
      buildId: deploymentVersion?.buildId ?? '',
      current: deploymentVersion?.buildId === current,
      state: states[Number(status)] ?? 'inactive',
    }))
    .sort((a, b) => Number(b.current) - Number(a.current));
}

/**
 * Lets runs that begin from now on begin on `buildId`; those that run stay on the build that they began on, for which its workers
 * must stay until it is drained. Errors: UNKNOWN_BUILD where no worker of it polls.
 */
export async function makeBuildCurrent(temporal: Temporal, buildId: string): Promise<void> {
  const { client, namespace } = temporal;
  await client.workflowService
    .setWorkerDeploymentCurrentVersion({ namespace, deploymentName: workerDeployment, buildId, identity: 'haat' })
    .catch((cause: { code?: number; details?: string }) => {
      if (cause.code !== NOT_FOUND && cause.code !== FAILED_PRECONDITION)
        throw workflowError('TEMPORAL_UNREACHABLE', 'Temporal does not change the build of its workers', {}, cause);
      throw workflowError(
        'UNKNOWN_BUILD',
        `Build "${buildId}" cannot be made current (${cause.details}). Start workers with WORKER_BUILD_ID=${buildId} first.`,
        { buildId },
        cause,
      );
    });
}

/** gRPC status codes. */
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;

/** By `temporal.api.enums.v1.WorkerDeploymentVersionStatus`. */
const states: Readonly<Record<number, WorkerBuild['state']>> = {
  1: 'inactive',
  2: 'current',
  3: 'current',
  4: 'draining',
  5: 'drained',
};
