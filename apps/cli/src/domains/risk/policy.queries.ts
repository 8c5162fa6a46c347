import type { GatewayClient } from '../../gateway/gateway.client.ts';
import type { PolicyMean, PolicyReport } from '../domain.tools.ts';

interface Interval {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

interface Compared<M> {
  readonly policy: string;
  readonly seeds: number;
  readonly infected: M;
  readonly quarantineDays: M;
}

interface Simulation {
  readonly runId: string;
  readonly persons: number;
  readonly days: number;
  readonly capacity: number;
  readonly seeds: number;
  readonly policies: readonly (Compared<Interval> & { readonly tests: Interval })[];
}

const interval = '{ mean low high }';
const compared = `policy seeds infected ${interval} quarantineDays ${interval}`;

/** What came of a simulation on the platform; differences are from the policy that was named first. @throws UNKNOWN_SIMULATION */
export async function askPolicies(gateway: GatewayClient, runId: string): Promise<PolicyReport> {
  const { policySimulation } = await gateway.ask<{ policySimulation: Simulation }>(
    `query CliPolicies($runId: ID!) {
  policySimulation(runId: $runId) { runId persons days capacity seeds policies { ${compared} tests ${interval} } }
}`,
    { runId },
  );
  const from = policySimulation.policies[0]!.policy;
  const asked = await gateway.ask<{ policySimulation: { differences: readonly Compared<Interval>[] } }>(
    `query CliPolicyDifferences($runId: ID!, $from: String!) {
  policySimulation(runId: $runId) { differences(from: $from) { ${compared} } }
}`,
    { runId, from },
  );
  return {
    ...policySimulation,
    policies: policySimulation.policies.map((one) => ({ ...withMeans(one), tests: meanOf(one.tests) })),
    from,
    differences: asked.policySimulation.differences.map(withMeans),
  };
}

function withMeans({ policy, seeds, infected, quarantineDays }: Compared<Interval>): Compared<PolicyMean> {
  return { policy, seeds, infected: meanOf(infected), quarantineDays: meanOf(quarantineDays) };
}

function meanOf({ mean, high }: Interval): PolicyMean {
  return { mean, halfWidth: high === null ? Infinity : high - mean };
}
