import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Runs the page's program in a folder; with `until` it is killed when it says so. Answers what it said. */
async function run(folder: string, until?: RegExp): Promise<string[]> {
  const hooks = path('../../../../tools/jest/source.mjs');
  const options = ['--conditions=@haat/source', '--import', hooks, join(folder, 'spirals.ts')];
  const child = spawn(process.execPath, options, { cwd: folder, env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (until?.test(line)) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return lines;
}

describe('the page on training', () => {
  it('shows a full model in less than 60 lines, which is killed, goes on, and ends as if it had not been', async () => {
    const page = readFileSync(path('../../../../docs/training.md'), 'utf8');
    const section = page.slice(page.indexOf('## A fit that may be killed'));
    const program = /```ts\n([^]*?)```/.exec(section)![1]!;
    expect(program.trimEnd().split('\n').length).toBeLessThan(60);
    mkdirSync(path('../../test-output'), { recursive: true });
    const folders = [0, 1].map(() => mkdtempSync(join(path('../../test-output'), 'page-'))) as [string, string];
    try {
      for (const folder of folders) writeFileSync(join(folder, 'spirals.ts'), program);
      const whole = await run(folders[0]);
      await run(folders[1], /^Step [2-5]\d\d of 600/);
      const rest = await run(folders[1]);
      expect(rest[0]).toMatch(/^Goes on after step [1-5]\d\d$/);
      expect(rest.at(-1)).toBe(whole.at(-1));
      expect(Number(/^fitted (\S+) [0-9a-f]{64}$/.exec(whole.at(-1)!)![1])).toBeGreaterThan(0.97);
      const [one, other] = folders.map((folder) => readFileSync(join(folder, 'spirals.onnx')));
      expect(other!.equals(one!)).toBe(true);
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
