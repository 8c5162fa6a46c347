import { domains } from '@haat/kit';
import type { StackPorts } from '@haat/dev-stack';

/** What tells metrics, in the order in which a person reads them. */
const measured = ['gateway', 'platform', ...domains, 'worker'] as const;

/** Where a person finds the parts of a running stack. */
export function addressesOf(ports: StackPorts) {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const metrics = measured.map((name) => [`${name}Metrics`, `${at(ports[name])}/metrics`]);
  return {
    graphiql: `${at(ports.gateway)}/graphiql`,
    graphql: `${at(ports.gateway)}/graphql`,
    temporalUi: at(ports.temporalUi),
    ...(Object.fromEntries(metrics) as Record<`${(typeof measured)[number]}Metrics`, string>),
  };
}

export type StackAddresses = ReturnType<typeof addressesOf>;

/** Addresses by what a person calls them. */
export function titledAddresses(addresses: StackAddresses): Readonly<Record<string, string>> {
  return {
    GraphiQL: addresses.graphiql,
    GraphQL: addresses.graphql,
    'Temporal UI': addresses.temporalUi,
    ...Object.fromEntries(measured.map((name) => [`metrics ${name}`, addresses[`${name}Metrics`]])),
  };
}
