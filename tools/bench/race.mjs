import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median } from './timing.mjs';

const source = fileURLToPath(new URL('../jest/source.mjs', import.meta.url));

/** Command line of a Node program that runs the sources as they are. */
export const fromSource = (program, ...args) => [
  process.execPath,
  '--no-warnings',
  '--conditions=@haat/source',
  '--import',
  source,
  program,
  ...args,
];

/** Builds what has changed of a project and of those that it needs. */
export const build = (project) => execFileSync('npx', ['tsc', '-b', project], { stdio: 'inherit' });

/** Command line of a Node program that runs what was built, as it is shipped: what transforms sources while they are read takes memory of its own. */
export const asShipped = (program, ...args) => [process.execPath, '--no-warnings', program, ...args];

/**
 * A program that does steps when it is asked: a number of steps on a line of its standard input, one JSON document on a line of its
 * standard output: `{ wall, cpu, losses }`, a number for each step (ms), and `peak`, its memory so far (MiB).
 */
export class Racer {
  constructor(name, [command, ...args]) {
    this.name = name;
    this.start = performance.now();
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.said = '';
    this.child.stderr.on('data', (text) => (this.said = `${this.said}${text}`.slice(-2000)));
    // A program that has ended does not hear what it is asked; that it has ended is told by its answer that does not come.
    this.child.stdin.on('error', () => undefined);
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ask(steps) {
    this.child.stdin.write(`${steps}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name} ended: ${this.said}`);
    return JSON.parse(value);
  }

  async stop() {
    this.child.stdin.end();
    if (this.child.exitCode === null) await new Promise((resolve) => this.child.once('exit', resolve));
  }
}

/** From the start of a process to its first step, s: the median of several starts. */
export async function firstStep(name, command, starts = 3) {
  const times = [];
  for (let i = 0; i < starts; i++) {
    const racer = new Racer(name, command);
    await racer.ask(1);
    times.push((performance.now() - racer.start) / 1000);
    await racer.stop();
  }
  return median(times);
}

/**
 * Lets programs do `steps` steps in turn, `rounds` times, so that what else the machine does falls on all alike. For each by name: the
 * medians of its rounds, `wall` and `cpu` (ms a step), the least step, its memory at peak, and what it said last.
 */
export async function race(commands, { rounds, steps, warmUp = steps }) {
  const racers = Object.entries(commands).map(([name, command]) => new Racer(name, command));
  try {
    const seen = new Map(racers.map(({ name }) => [name, { wall: [], cpu: [], least: Infinity }]));
    for (const racer of racers) await racer.ask(warmUp);
    for (let round = 0; round < rounds; round++) {
      for (const racer of racers) {
        const answer = await racer.ask(steps);
        const own = seen.get(racer.name);
        own.wall.push(median(answer.wall));
        own.cpu.push(median(answer.cpu));
        own.least = Math.min(own.least, ...answer.wall);
        own.last = answer;
      }
    }
    return Object.fromEntries(seen);
  } finally {
    for (const racer of racers) await racer.stop();
  }
}

/** Median over rounds of how long one took beside another in the same round. */
export function ratio(own, other, of = 'wall') {
  return median(own[of].map((time, round) => time / other[of][round]));
}
