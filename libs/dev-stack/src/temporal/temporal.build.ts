import { basename, join } from 'node:path';
import { goInstall } from '../go.install.ts';
import { cachedTemporal, temporalVersion } from './temporal.version.ts';
import { temporalError } from './temporal.errors.ts';

const MODULE = 'github.com/temporalio/cli/cmd/temporal';

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
  let packages = 0;
  const hear = (line: string) => {
    if (line.startsWith('go: downloading')) progress(`Fetching Temporal's sources: ${line.split(' ')[2]}`);
    else progress(`Building Temporal, once for this machine: ${(packages += 1)} packages compiled`);
  };
  const outcome = await goInstall({ target, folder, env, hear, signal });
  if (outcome === null) {
    throw temporalError(
      'TEMPORAL_NOT_FOUND',
      `No Temporal server: none on PATH, none in ${cachedTemporal(env)}, none could be downloaded, and there is no Go to build ` +
        'one with. Install Go 1.25 or later, or put the "temporal" program on PATH, or set TEMPORAL_ADDRESS to a server that runs.',
      { version: temporalVersion },
    );
  }
  const { status, end } = outcome;
  if (status !== 0) {
    throw temporalError(
      'TEMPORAL_BUILD_FAILED',
      `"go install ${target}" ended with status ${status}. The end of its output:\n${end}`,
      { status },
    );
  }
  return join(folder, basename(cachedTemporal(env)));
}
