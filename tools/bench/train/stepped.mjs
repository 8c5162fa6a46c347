import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Does steps when it is asked, as a `Racer` asks; `step()` resolves with its loss. Each answer tells `facts` too. */
export async function stepsWhenAsked(step, facts = {}) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [wall, cpu, losses] = [[], [], []];
    for (let left = Number(line); left > 0; left--) {
      const before = process.cpuUsage();
      const start = performance.now();
      losses.push(await step());
      wall.push(performance.now() - start);
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1000);
    }
    const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
    process.stdout.write(`${JSON.stringify({ wall, cpu, losses, peak, ...facts })}\n`);
  }
}
