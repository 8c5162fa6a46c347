import { createHash } from 'node:crypto';

/**
 * Which rows are held out, [rows], 1 or 0: all rows of a group or none. A group's side depends on the SHA-256 of its name
 * alone, so that it is the same in every snapshot, on every machine, for every seed. About `share` of the groups are held out.
 */
export function heldOutByGroup(groups: readonly string[], share: number): Uint8Array {
  const side = new Map<string, number>();
  return Uint8Array.from(groups, (group) => {
    const known = side.get(group);
    if (known !== undefined) return known;
    const draw = createHash('sha256').update(group).digest().readUInt32BE(0) / 2 ** 32;
    const held = Number(draw < share);
    side.set(group, held);
    return held;
  });
}

/** SHA-256, in hex, over rows given as text, in order: names what was held out. */
export function digestOfRows(rows: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(row).update('\n');
  return hash.digest('hex');
}
