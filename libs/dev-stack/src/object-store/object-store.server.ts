import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { endProcess } from '../process.identity.ts';
import { spawnService, untilReady, type ServiceSpec } from '../service.process.ts';
import { STOP_GRACE_MS } from '../stack.supervisor.ts';

export interface ObjectStoreOptions {
  readonly binary: string;
  /** Holds the buckets, the objects as files (`<bucket>/<key>`), and what the server notes of them. */
  readonly folder: string;
  readonly bucket: string;
  /** On loopback. */
  readonly port: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface ObjectStore {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  /** Folder with the bucket's objects as files. */
  readonly objects: string;
  stop(): Promise<void>;
}

/** Starts an S3-compatible server with one bucket and waits until it answers. `stop` ends it. @throws BINARY_MISSING, SERVICE_FAILED */
export async function startObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const { binary, folder, bucket, port, credentials } = options;
  const buckets = join(folder, 'buckets');
  const objects = join(buckets, bucket);
  const notes = join(folder, 'notes');
  await mkdir(objects, { recursive: true });
  await mkdir(notes, { recursive: true });
  const endpoint = `http://127.0.0.1:${port}`;
  const spec: ServiceSpec = {
    name: 'object store',
    command: binary,
    args: ['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', 'posix', '--sidecar', notes, buckets],
    env: {
      PATH: process.env['PATH'],
      ROOT_ACCESS_KEY: credentials.accessKeyId,
      ROOT_SECRET_KEY: credentials.secretAccessKey,
    },
    log: join(folder, 'object-store.log'),
    health: null,
    ready: () => answers(endpoint),
    readyWithinMs: 60_000,
    stopSignal: 'SIGTERM',
  };
  const service = await spawnService(spec);
  const stop = () => endProcess(service.identity, spec.stopSignal, STOP_GRACE_MS);
  try {
    await untilReady(service);
  } catch (failure) {
    await stop();
    throw failure;
  }
  return { endpoint, objects, stop };
}

/** Whether anything answers, be it that we may not list the buckets. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}
