import { createHash } from 'node:crypto';

/**
 * `<kind>/<domain>-<model>/<16 hex>`: the first 64 bits of the SHA-256 over what the run is. Equal identities have equal ids,
 * whatever the order of their fields.
 */
export function runIdOf(kind: string, model: string, identity: object): string {
  const digest = createHash('sha256').update(canonical(identity)).digest('hex').slice(0, 16);
  return `${kind}/${model.replace('/', '-')}/${digest}`;
}

/** The fields that are given. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** JSON with the keys of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
