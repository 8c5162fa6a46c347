/** What somebody may do; each role may all that the one before it may. */
export const roles = ['reader', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who asks: what access is judged by, and what the audit trail names. */
export interface Actor {
  /** Who, lasting: `user:asha`, `key:nightly-import/9f86d081884c7d65`, `system:schedule`. */
  readonly subject: string;
  readonly role: Role;
  /** Domains whose data it may reach; `*` stands for all of them. */
  readonly scopes: readonly string[];
  /** From where it asks: a client's address, or a workflow. */
  readonly origin: string;
}

/** The domains whose data `actor` may reach; undefined where it may reach all. */
export function domainsOf({ scopes }: Pick<Actor, 'scopes'>): readonly string[] | undefined {
  return scopes.includes('*') ? undefined : scopes;
}

/** Whether `actor` has at least `role`, and `scope` (a domain) where one is asked for. */
export function permits({ role: held, scopes }: Actor, role: Role, scope?: string): boolean {
  const enough = roles.indexOf(held) >= roles.indexOf(role);
  return enough && (scope === undefined || scopes.includes('*') || scopes.includes(scope));
}
