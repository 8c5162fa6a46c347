import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('../testing/disk.full.main.ts', import.meta.url));
const mounted = 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"';
/** A small disk for one process and nobody else, gone with it; who is not root gets it in a user namespace of its own. */
const namespaces = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])];

describe('a store on a disk that is full', () => {
  it('says so, keeps what it had whole, leaves nothing half-written, and goes on when there is room', async () => {
    const disk = mkdtempSync(join(tmpdir(), 'haat-disk-'));
    try {
      const node = [
        '--no-warnings',
        '--conditions=@haat/source',
        `--import=${import.meta.resolve('../../../../tools/jest/source.mjs')}`,
      ];
      const { stdout } = await promisify(execFile)(
        'unshare',
        [...namespaces, 'sh', '-c', mounted, disk, process.execPath, ...node, program, disk],
        { env: { PATH: process.env['PATH'] } },
      );
      expect(JSON.parse(stdout)).toEqual({
        full: expect.stringMatching(/^CONTENT_STORE_UNUSABLE: .*Make room/),
        files: 1,
        stillThere: true,
        afterwards: 'stored',
      });
    } finally {
      rmSync(disk, { recursive: true, force: true });
    }
  });
});
