import { pathToFileURL } from 'node:url';

import type { Home } from '@haat/dev-stack';

/** Where artifacts are kept: ARTIFACTS_URL, else the state folder. */
export function artifactsUrl(home: Home, env: NodeJS.ProcessEnv): string {
  return env['ARTIFACTS_URL'] || pathToFileURL(home.artifacts).href;
}
