import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildTemporal } from './temporal.build.ts';
import { downloadTemporal } from './temporal.download.ts';
import { cachedTemporal } from './temporal.version.ts';

export interface TemporalBinary {
  /** Absolute path of the program. */
  readonly path: string;
  readonly from: 'PATH' | 'cache' | 'download' | 'build';
}

export interface FindTemporalOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Hears, in a few words, what takes time. */
  readonly progress?: (message: string) => void;
  /** Gives up: what is downloaded or built is left, and its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Where releases are, for tests. */
  readonly releases?: string;
}

/**
 * A Temporal server program that runs here: the `temporal` on PATH, else the one in our cache, else a downloaded release, else
 * one that Go builds from source (minutes, once for a machine). What was got is kept in the cache.
 * Errors: TEMPORAL_NOT_FOUND, TEMPORAL_BUILD_FAILED.
 */
export async function findTemporal({
  env = process.env,
  progress = () => undefined,
  signal = new AbortController().signal,
  releases,
}: FindTemporalOptions = {}): Promise<TemporalBinary> {
  const installed = await findInstalledTemporal(env);
  if (installed !== null) return installed;
  const cached = cachedTemporal(env);
  await mkdir(dirname(cached), { recursive: true });
  const folder = await mkdtemp(join(dirname(cached), 'incoming-'));
  try {
    let from: TemporalBinary['from'] = 'download';
    let incoming = await downloadTemporal(folder, progress, signal, releases).catch(() => null);
    signal.throwIfAborted();
    if (incoming === null || !(await runs(incoming))) {
      from = 'build';
      incoming = await buildTemporal(folder, env, progress, signal);
    }
    // In one step: whoever looks meanwhile finds a whole program or none.
    await rename(incoming, cached);
    return { path: cached, from };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The `temporal` on PATH, else the one in our cache; null where there is none yet. */
export async function findInstalledTemporal(env: NodeJS.ProcessEnv): Promise<TemporalBinary | null> {
  const onPath = await temporalOnPath(env);
  if (onPath !== null) return { path: onPath, from: 'PATH' };
  const cached = cachedTemporal(env);
  return (await runs(cached)) ? { path: cached, from: 'cache' } : null;
}

async function temporalOnPath(env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, 'temporal');
    if (await runs(path)) return path;
  }
  return null;
}

/** Whether this is a Temporal CLI that can serve: an unfinished file, another program of that name or a foreign binary is not. */
async function runs(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 10_000 });
    return /^temporal version /.test(stdout);
  } catch {
    return false;
  }
}
