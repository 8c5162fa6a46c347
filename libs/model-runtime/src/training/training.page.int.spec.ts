import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

describe('the page on training', () => {
  it('shows a full model in less than 60 lines, which runs and learns', async () => {
    const page = await readFile(path('../../../../docs/training.md'), 'utf8');
    const program = /```ts\n([^]*?)```/.exec(page)![1]!;
    expect(program.trimEnd().split('\n').length).toBeLessThan(60);
    const folder = path('../../test-output/page/');
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}spirals.ts`, program);
    const hooks = path('../../../../tools/jest/source.mjs');
    const options = ['--conditions=@haat/source', '--import', hooks, `${folder}spirals.ts`];
    const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: folder, env: {} });
    expect(Number(/^held-out accuracy (\S+)$/m.exec(stdout)![1])).toBeGreaterThan(0.97);
  });
});
