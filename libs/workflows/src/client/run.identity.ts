import { createHash } from 'node:crypto';

/** The first 64 bits, in hex, of the SHA-256 of what makes two wishes the same; the order of keys does not count. */
export function identityDigest(identity: object): string {
  return createHash('sha256').update(canonical(identity)).digest('hex').slice(0, 16);
}

/** JSON with the keys of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
