import { spawn } from 'node:child_process';

/** @typedef {{ name: string, passed: boolean, seconds: number, why: string }} Outcome */

const environment = () => {
  const { NODE_OPTIONS: _options, ...inherited } = process.env;
  return { ...inherited, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
};

let running;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    if (running) end(running.pid, 'SIGKILL');
    process.exit(130);
  });
}

/** Whether the process group still had a member to send the signal to. */
function end(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/**
 * Runs one command in a process group of its own, its output shown as it comes. It fails with its exit status, when its output
 * holds a `refused` word, and when it leaves a process behind (which is then ended).
 * @returns {Promise<Outcome>}
 */
export async function step(name, [command, ...args], { root, refused = [] }) {
  console.log(`\n=== ${name}: ${[command, ...args].join(' ')}`);
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    env: environment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  let tail = '';
  const seen = new Set();
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    from.on('data', (chunk) => {
      to.write(chunk);
      tail = `${tail.slice(-200)}${chunk}`;
      for (const word of refused) if (tail.includes(word)) seen.add(word);
    });
  }
  const why = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // Not 'close': a process left behind holds the pipes open.
    child.once('exit', (status, signal) => resolve(status === 0 ? '' : `ended with ${signal ?? `status ${status}`}`));
  });
  running = undefined;
  const left = child.pid !== undefined && end(child.pid, 'SIGKILL');
  const problems = [
    why,
    ...[...seen].map((word) => `its output says "${word}"`),
    left ? 'it left a process behind' : '',
  ];
  const outcome = {
    name,
    passed: problems.every((problem) => problem === ''),
    seconds: (performance.now() - started) / 1000,
    why: problems.filter(Boolean).join('; '),
  };
  console.log(`--- ${name}: ${outcome.passed ? 'passed' : `FAILED, ${outcome.why}`} (${outcome.seconds.toFixed(1)} s)`);
  return outcome;
}
