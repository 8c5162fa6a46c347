import type { GatewayClient } from './gateway.client.ts';

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly origin: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Who did what, the newest first. */
export async function auditOf(
  gateway: GatewayClient,
  filter: { readonly first: number; readonly subject?: string; readonly actor?: string },
): Promise<readonly AuditEntry[]> {
  const { audit } = await gateway.ask<{ audit: { edges: readonly { readonly node: AuditEntry }[] } }>(
    `query CliAudit($first: Int!, $subject: String, $actor: String) {
  audit(first: $first, subject: $subject, actor: $actor) { edges { node { id at actor origin action subject reason details } } }
}`,
    filter,
  );
  return audit.edges.map(({ node }) => node);
}
