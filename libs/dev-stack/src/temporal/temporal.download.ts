import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import { temporalVersion } from './temporal.version.ts';

const RELEASES = 'https://github.com/temporalio/cli/releases/download';
const FIRST_ANSWER_MS = 5_000;
const WHOLE_MS = 300_000;

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Downloads the release of this platform and unpacks it into `folder`; answers the binary's path there. Throws whatever
 * stands in the way: no network, no release for this platform, no room.
 */
export async function downloadTemporal(
  folder: string,
  progress: (message: string) => void,
  signal: AbortSignal,
  releases = RELEASES,
): Promise<string> {
  const architecture = architectures[process.arch];
  if (architecture === undefined || !['linux', 'darwin'].includes(process.platform)) {
    throw new Error(`there is no release for ${process.platform} on ${process.arch}`);
  }
  const name = `temporal_cli_${temporalVersion.slice(1)}_${process.platform}_${architecture}.tar.gz`;
  const response = await answerOf(`${releases}/${temporalVersion}/${name}`, signal);
  const archive = join(folder, name);
  const total = Number(response.headers.get('content-length') ?? 0);
  let received = 0;
  await pipeline(
    Readable.fromWeb(response.body as ReadableStream<Uint8Array>),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        received += chunk.byteLength;
        progress(`Downloading Temporal: ${mebibytes(received)}${total > 0 ? ` of ${mebibytes(total)}` : ''}`);
        yield chunk;
      }
    },
    createWriteStream(archive),
  );
  await promisify(execFile)('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  return join(folder, 'temporal');
}

/** The response, if it begins within seconds; its body may take minutes. */
async function answerOf(url: string, signal: AbortSignal): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new Error('no answer within 5 s')), FIRST_ANSWER_MS);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, patience.signal, AbortSignal.timeout(WHOLE_MS)]),
    });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response;
  } finally {
    clearTimeout(timer);
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}
