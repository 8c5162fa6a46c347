import type { LearningCheckpoint } from '../model/index.ts';

/** What an estimation goes on from as bytes: a line of JSON, which keeps every bit of its numbers, then the trajectories. */
export function encodeLearning({ state, ...numbers }: LearningCheckpoint): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify(numbers)}\n`), state]);
}

export function decodeLearning(bytes: Uint8Array): LearningCheckpoint {
  const end = bytes.indexOf(10);
  const numbers = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString('utf8')) as Omit<LearningCheckpoint, 'state'>;
  return { ...numbers, state: bytes.slice(end + 1) };
}
