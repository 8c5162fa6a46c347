import { HAAT } from '@haat/kit';
import { findInstalledTemporal } from '@haat/dev-stack';
import { taskQueues } from '@haat/workflows';
import { connectTemporal, type Temporal, type TemporalAccess } from '@haat/workflows/client';

import { SKEW_MS } from './database.checks.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** A run that has been open for longer is looked into, ms. */
const LONG_MS = 3_600_000;
/** Open runs that are looked into at the most. */
const LOOKED_INTO = 20;
/** Attempts after which a step does not look as if time mends it. */
const MANY_ATTEMPTS = 3;

/** The program that `haat up` would run. */
export async function temporalBinaryCheck(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const found = await findInstalledTemporal(env);
  return [
    found === null
      ? warn(
          'Temporal program',
          'none on PATH or in the cache',
          `The next "${HAAT} up" downloads or builds one (minutes)`,
        )
      : ok('Temporal program', `${found.path} (${found.from})`),
  ];
}

/** A server that should serve: reachable, its namespace, who polls, and runs that do not get on. */
export async function temporalChecks(access: TemporalAccess): Promise<readonly Finding[]> {
  const temporal = await connectTemporal(access).catch((failure: Error) => failure);
  if (temporal instanceof Error)
    return [fail('Temporal', temporal.message, 'Start it, or check TEMPORAL_ADDRESS and its TLS variables')];
  try {
    await temporal.check();
    const { serverVersion } = await temporal.client.workflowService.getSystemInfo({});
    return [
      ok('Temporal', `${serverVersion}, namespace ${temporal.namespace}`),
      ...(await Promise.all(Object.values(taskQueues).map((queue) => queueCheck(temporal, queue)))),
      await runsCheck(temporal),
    ];
  } catch (thrown) {
    return [
      fail(
        'Temporal',
        (thrown as Error).message,
        `Make the namespace ${temporal.namespace}, or check TEMPORAL_NAMESPACE`,
      ),
    ];
  } finally {
    await temporal.close();
  }
}

/** Pollers of a queue; by the server's clock they were here at the latest now. */
async function queueCheck({ client, namespace }: Temporal, queue: string): Promise<Finding> {
  const kinds = queue === taskQueues.control ? [1, 2] : [2];
  const described = await Promise.all(
    kinds.map((taskQueueType) =>
      client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType }),
    ),
  );
  const pollers = Math.min(...described.map((one) => new Set(one.pollers?.map(({ identity }) => identity)).size));
  const latest = Math.max(
    0,
    ...described.flatMap((one) =>
      (one.pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000),
    ),
  );
  if (latest > Date.now() + SKEW_MS) {
    return fail(`queue ${queue}`, `Temporal's clock is ${latest - Date.now()} ms ahead of ours`, 'Set both by NTP');
  }
  return pollers > 0
    ? ok(`queue ${queue}`, `${pollers} worker${pollers === 1 ? '' : 's'}`)
    : fail(`queue ${queue}`, 'no worker polls: runs wait', 'Start a worker, or see its log');
}

async function runsCheck({ client }: Temporal): Promise<Finding> {
  const stuck: string[] = [];
  let open = 0;
  for await (const run of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
    if ((open += 1) > LOOKED_INTO) break;
    const { raw, startTime } = await client.workflow.getHandle(run.workflowId, run.runId).describe();
    const failing = (raw.pendingActivities ?? []).find(({ attempt }) => (attempt ?? 0) > MANY_ATTEMPTS);
    const age = Date.now() - startTime.getTime();
    if (failing)
      stuck.push(
        `${run.workflowId} (${failing.activityType?.name}, attempt ${failing.attempt}: ${failing.lastFailure?.message})`,
      );
    else if (age > LONG_MS && !raw.pendingActivities?.length) stuck.push(`${run.workflowId} (no step for an hour)`);
  }
  return stuck.length === 0
    ? ok(
        'runs',
        open > LOOKED_INTO ? `more than ${LOOKED_INTO} are open; the first get on` : `${open} open, none stuck`,
      )
    : warn('runs', stuck.join('; '), `See: ${HAAT} runs show RUN; end one with: ${HAAT} runs cancel RUN`);
}
