import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const fromSource = ['--conditions=@haat/source', '--experimental-transform-types', '--no-warnings'];

/** Opens a session of bytes that are no graph, and says why it was refused. */
const program = `
  import { TensorSession } from '@haat/model-runtime';
  await TensorSession.open(new Uint8Array(8)).catch(({ code }) => console.log(code));
`;

describe('ONNX Runtime', () => {
  it('keeps no files of its own beside those that it is given', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'haat-silence-'));
    const [home, temporary] = ['home', 'temporary'].map((name) => join(folder, name)) as [string, string];
    mkdirSync(home);
    mkdirSync(temporary);
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [...fromSource, '--input-type=module', '--eval', program],
        { cwd: import.meta.dirname, env: { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary } },
      );
      expect(stdout).toBe('MODEL_REFUSED\n');
      expect(readdirSync(home)).toEqual([]);
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
