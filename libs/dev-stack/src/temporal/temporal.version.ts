import { homedir } from 'node:os';
import { join } from 'node:path';

/** The newest version whose module `go install` takes as it is: later ones carry a replace line. */
export const temporalVersion = 'v1.5.1';

const executable = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** Where a binary is kept that we got ourselves: outside of any checkout, so that a new clone has it. */
export function cachedTemporal(env: NodeJS.ProcessEnv): string {
  const cache = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return join(cache, 'haat', 'temporal', temporalVersion, executable);
}
