import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findObjectStore, startObjectStore } from '../object-store/index.ts';
import { freePort } from '../free.port.ts';

/** A throw-away S3-compatible server with one empty bucket. */
export interface ScratchObjectStore {
  readonly port: number;
  /** Folder with the objects as files. */
  readonly objects: string;
  /** What AWS's programs take their credentials from. */
  readonly env: Readonly<Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_REGION', string>>;
  /** The content store's address; `parameters` come on top, `port` is that of a proxy before it. */
  url(parameters?: Readonly<Record<string, string>>, port?: number): string;
  /** Ends the server, keeps its port and objects, and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startScratchObjectStore(): Promise<ScratchObjectStore> {
  const folder = mkdtempSync(join(tmpdir(), 'haat-objects-'));
  const credentials = { accessKeyId: 'scratch', secretAccessKey: 'scratch-secret' };
  const port = await freePort();
  const binary = await findObjectStore();
  const start = () => startObjectStore({ binary, folder, bucket: 'haat', port, credentials });
  let server = await start();
  return {
    port,
    objects: server.objects,
    env: {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: 'us-east-1',
    },
    url(parameters = {}, at = port) {
      const query = new URLSearchParams({
        endpoint: `http://127.0.0.1:${at}`,
        region: 'us-east-1',
        forcePathStyle: 'true',
        cache: join(folder, 'copies'),
        ...parameters,
      });
      return `s3://haat/artifacts?${query}`;
    },
    async restart() {
      await server.stop();
      server = await start();
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
