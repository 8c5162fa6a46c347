import { runInGroup } from './process.group.mjs';

/** @typedef {{ name: string, passed: boolean, seconds: number, why: string }} Outcome */

const environment = () => {
  const { NODE_OPTIONS: _options, ...inherited } = process.env;
  return { ...inherited, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
};

let running;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, async () => {
    await running?.stop();
    process.exit(130);
  });
}

/**
 * Runs one command in a process group of its own, its output shown as it comes. It fails with its exit status, when its output
 * holds a `refused` word, and when it leaves a process behind (which is then ended).
 * @returns {Promise<Outcome>}
 */
export async function step(name, command, { root, refused = [] }) {
  console.log(`\n=== ${name}: ${command.join(' ')}`);
  let tail = '';
  const seen = new Set();
  const onOutput = (chunk, stream) => {
    process[stream].write(chunk);
    tail = `${tail.slice(-200)}${chunk}`;
    for (const word of refused) if (tail.includes(word)) seen.add(word);
  };
  running = runInGroup(command, { cwd: root, env: environment(), onOutput });
  const { why, seconds } = await running.ended;
  running = undefined;
  const problems = [why, ...[...seen].map((word) => `its output says "${word}"`)].filter(Boolean);
  const outcome = { name, passed: problems.length === 0, seconds, why: problems.join('; ') };
  console.log(`--- ${name}: ${outcome.passed ? 'passed' : `FAILED, ${outcome.why}`} (${outcome.seconds.toFixed(1)} s)`);
  return outcome;
}
