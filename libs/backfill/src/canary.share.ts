import { hash } from 'node:crypto';

/**
 * Whether a key is in the share, in (0, 1], that a canary run processes: its hash with the seed, as a number in [0, 1), is
 * below it. A larger share of the same seed holds every smaller one.
 */
export function inCanary(key: string, seed: number, share: number): boolean {
  if (share >= 1) return true;
  return hash('sha256', `${seed}:${key}`, 'buffer').readUInt32BE(0) / 2 ** 32 < share;
}
