import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { faultRounds } from '../testing/fault.rounds.ts';

const program = fileURLToPath(new URL('../testing/disk.full.main.ts', import.meta.url));
const mounted = 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"';
/** A small disk for one process and nobody else, gone with it; who is not root gets it in a user namespace of its own. */
const namespaces = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])];

const node = [
  '--no-warnings',
  '--conditions=@haat/source',
  `--import=${import.meta.resolve('../../../../tools/jest/source.mjs')}`,
];

interface Filled {
  readonly full: string;
  readonly files: number;
  readonly stillThere: boolean;
  readonly afterwards: string;
}

async function fillDisk(): Promise<Filled> {
  const disk = mkdtempSync(join(tmpdir(), 'haat-disk-'));
  try {
    const { stdout } = await promisify(execFile)(
      'unshare',
      [...namespaces, 'sh', '-c', mounted, disk, process.execPath, ...node, program, disk],
      { env: { PATH: process.env['PATH'] } },
    );
    return JSON.parse(stdout) as Filled;
  } finally {
    rmSync(disk, { recursive: true, force: true });
  }
}

describe('a store on a disk that is full', () => {
  const { each, timeoutMs, report } = faultRounds({ short: 1, long: 5, secondsEach: 30 });
  it(
    'says so, keeps what it had whole, leaves nothing half-written, and goes on when there is room',
    async () => {
      const all: Filled[] = [];
      for (const _ of each()) all.push(await fillDisk());
      report('disk-full', {
        happened: 'what was stored is whole, what did not fit left nothing, and fits when there is room again',
        lost: all.filter(({ stillThere, afterwards }) => !stillThere || afterwards !== 'stored').length,
        half: all.filter(({ files }) => files !== 1).length,
        codes: [...new Set(all.map(({ full }) => full.split(':')[0]!))],
      });
      const expected = {
        full: expect.stringMatching(/^CONTENT_STORE_UNUSABLE: .*Make room/) as unknown,
        files: 1,
        stillThere: true,
        afterwards: 'stored',
      };
      expect(all).toEqual(all.map(() => expected));
    },
    timeoutMs,
  );
});
