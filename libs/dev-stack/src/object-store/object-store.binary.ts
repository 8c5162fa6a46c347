import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { devStackError } from '../dev-stack.errors.ts';
import { goInstall } from '../go.install.ts';

/** Of `github.com/versity/versitygw`, an S3-compatible server over a folder. */
export const objectStoreVersion = 'v1.8.0';
const MODULE = 'github.com/versity/versitygw/cmd/versitygw';

export interface FindObjectStoreOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Hears, in a few words, what takes time. */
  readonly progress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** Where the program is kept that we built ourselves: outside of any checkout, so that a new clone has it. */
export function cachedObjectStore(env: NodeJS.ProcessEnv): string {
  const cache = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return join(cache, 'haat', 'versitygw', objectStoreVersion, 'versitygw');
}

/**
 * A versitygw program that runs here: the one in our cache, else one that Go builds (minutes, once for a machine).
 * @throws BINARY_MISSING without Go, or with the end of what Go said.
 */
export async function findObjectStore({
  env = process.env,
  progress = () => undefined,
  signal = new AbortController().signal,
}: FindObjectStoreOptions = {}): Promise<string> {
  const cached = cachedObjectStore(env);
  if (await runs(cached)) return cached;
  await mkdir(dirname(cached), { recursive: true });
  const folder = await mkdtemp(join(dirname(cached), 'incoming-'));
  try {
    const target = `${MODULE}@${objectStoreVersion}`;
    const hear = (line: string) => progress(`Building the object store, once for this machine: ${line}`);
    const outcome = await goInstall({ target, folder, env, hear, signal });
    if (outcome?.status !== 0) {
      const why = outcome === null ? 'there is no Go' : `go install ended with ${outcome.status}:\n${outcome.end}`;
      throw devStackError(
        'BINARY_MISSING',
        `No S3-compatible server: none in ${cached}, and ${target} could not be built: ${why}`,
        { command: 'versitygw' },
      );
    }
    // In one step: whoever looks meanwhile finds a whole program or none.
    await rename(join(folder, 'versitygw'), cached);
    return cached;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runs(path: string): Promise<boolean> {
  return promisify(execFile)(path, ['--version'], { timeout: 10_000 }).then(
    ({ stdout }) => stdout.startsWith('Version'),
    () => false,
  );
}
