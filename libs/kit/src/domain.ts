/**
 * The domains that live in this house. What knows all of them (the stack, the gateway, the worker, the command line) makes its
 * part from this list, or keeps a table over it, which does not compile while a domain is missing.
 */
export const domains = ['packaging', 'risk'] as const;

export type Domain = (typeof domains)[number];

/** The environment variable with the address of a subgraph: `packaging` -> `PACKAGING_URL`. */
export function subgraphUrlVariable<Name extends string>(name: Name): `${Uppercase<Name>}_URL` {
  return `${name.toUpperCase() as Uppercase<Name>}_URL`;
}

/** The environment variable with the database as the role of a domain's tasks: `packaging` -> `PACKAGING_TASK_DATABASE_URL`. */
export function taskUrlVariable<Name extends Domain>(name: Name): `${Uppercase<Name>}_TASK_DATABASE_URL` {
  return `${name.toUpperCase() as Uppercase<Name>}_TASK_DATABASE_URL`;
}

/** A table over all domains, made from a function of each. */
export function ofDomains<T>(of: (domain: Domain) => T): Readonly<Record<Domain, T>> {
  return Object.fromEntries(domains.map((domain) => [domain, of(domain)])) as Record<Domain, T>;
}
