import { spawn } from 'node:child_process';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { cachedTemporal, temporalVersion } from './temporal.version.ts';
import { temporalError } from './temporal.errors.ts';

const MODULE = 'github.com/temporalio/cli/cmd/temporal';
const LINES_SHOWN = 20;

/**
 * Builds the server with `go install` into `folder`; answers the binary's path there. Takes minutes the first time: `progress`
 * hears of each package. Errors: TEMPORAL_NOT_FOUND without Go; TEMPORAL_BUILD_FAILED with the end of Go's output.
 */
export async function buildTemporal(
  folder: string,
  env: NodeJS.ProcessEnv,
  progress: (message: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const target = `${MODULE}@${temporalVersion}`;
  const go = spawn('go', ['install', '-v', target], {
    env: { ...env, GOBIN: folder, GOFLAGS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  const lines: string[] = [];
  let packages = 0;
  createInterface({ input: go.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > LINES_SHOWN) lines.shift();
    if (line.startsWith('go: downloading')) progress(`Fetching Temporal's sources: ${line.split(' ')[2]}`);
    else progress(`Building Temporal, once for this machine: ${(packages += 1)} packages compiled`);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    go.once('close', resolve);
    go.once('error', (cause) =>
      reject(
        signal.aborted
          ? signal.reason
          : temporalError(
              'TEMPORAL_NOT_FOUND',
              `No Temporal server: none on PATH, none in ${cachedTemporal(env)}, none could be downloaded, and there is no Go to build ` +
                'one with. Install Go 1.25 or later, or put the "temporal" program on PATH, or set TEMPORAL_ADDRESS to a server that runs.',
              { version: temporalVersion },
              cause,
            ),
      ),
    );
  });
  signal.throwIfAborted();
  if (status !== 0) {
    throw temporalError(
      'TEMPORAL_BUILD_FAILED',
      `"go install ${target}" ended with status ${status}. The end of its output:\n${lines.map((line) => `    ${line}`).join('\n')}`,
      { status },
    );
  }
  return join(folder, basename(cachedTemporal(env)));
}
