import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { median } from './timing.mjs';

/**
 * A process that works in rounds: it says one JSON document in a line when it is ready, then one for each line that it is told, and
 * ends with its input.
 */
export class RoundsProcess {
  #child;
  #lines;
  #begun = performance.now();

  constructor(command, args, options = {}) {
    this.#child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** How long ago it was begun, ms. */
  get age() {
    return performance.now() - this.#begun;
  }

  async answer() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`"${this.#child.spawnargs.join(' ')}" ended before it answered`);
    return JSON.parse(value);
  }

  round() {
    this.#child.stdin.write('round\n');
    return this.answer();
  }

  async end() {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    await ended;
  }
}

/** Rounds of several processes in turn, `{ name: process }`, so that what else the machine does hits all alike: `{ name: [answer, ...] }`. */
export async function interleaved(processes, rounds) {
  const answers = Object.fromEntries(Object.keys(processes).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, process] of Object.entries(processes)) answers[name].push(await process.round());
  }
  return answers;
}

/** The value below which a share of all lies. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Median of ours over median of theirs, and the quartiles of that ratio over rounds; `ours[i]` and `theirs[i]` are of one round. */
export function ratioOf(ours, theirs) {
  const byRound = ours.map((each, i) => each / theirs[i]);
  return { ratio: median(ours) / median(theirs), lower: quantile(byRound, 0.25), upper: quantile(byRound, 0.75) };
}
