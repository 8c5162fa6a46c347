import type { StackPorts } from '@haat/dev-stack';

/** Where a person finds the parts of a running stack. */
export function addressesOf(ports: StackPorts) {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return {
    graphiql: `${at(ports.gateway)}/graphiql`,
    graphql: `${at(ports.gateway)}/graphql`,
    temporalUi: at(ports.temporalUi),
    gatewayMetrics: `${at(ports.gateway)}/metrics`,
    platformMetrics: `${at(ports.platform)}/metrics`,
    packagingMetrics: `${at(ports.packaging)}/metrics`,
    workerMetrics: `${at(ports.worker)}/metrics`,
  };
}

export type StackAddresses = ReturnType<typeof addressesOf>;

export const addressTitles: Readonly<Record<keyof StackAddresses, string>> = {
  graphiql: 'GraphiQL',
  graphql: 'GraphQL',
  temporalUi: 'Temporal UI',
  gatewayMetrics: 'metrics gateway',
  platformMetrics: 'metrics platform',
  packagingMetrics: 'metrics packaging',
  workerMetrics: 'metrics worker',
};
