import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { answersOk, tailOf, type Home, type ServiceRecord } from '@haat/dev-stack';

import { fail, ok, warn, type Finding } from './finding.ts';

const DAY_MS = 86_400_000;
/** Lines of each log, from its end, that are looked through (and at most 64 KiB of them). */
const LINES = 2_000;

export function appChecks(services: readonly ServiceRecord[], logs: string): Promise<readonly Finding[]> {
  return Promise.all(
    services
      .filter((service): service is ServiceRecord & { health: string } => service.health !== null)
      .map(async ({ name, health }) =>
        (await answersOk(health))
          ? ok(`app ${name}`, 'ready')
          : fail(`app ${name}`, 'is not ready', `See ${join(logs, `${name}.log`)} and ${health}`),
      ),
  );
}

/** Errors that the apps logged within a day before `now`. */
export async function logChecks({ logs }: Home, now: Date): Promise<readonly Finding[]> {
  if (!existsSync(logs)) return [];
  const files = (await readdir(logs)).filter((name) => /\.log(\.\d+)?$/.test(name)).sort();
  const loud = files.flatMap((name) => {
    const errors = tailOf(join(logs, name), LINES).flatMap((line) => errorOf(line, now) ?? []);
    return errors.length === 0 ? [] : [`${name}: ${errors.length} (last: ${errors.at(-1)})`];
  });
  return [
    loud.length === 0
      ? ok('logs', 'no error within a day')
      : warn('logs', loud.join('; '), `Look them up in ${logs}; an answer's reference finds its line`),
  ];
}

/** The message of a line that is an error of the last day. */
function errorOf(line: string, now: Date): string | null {
  if (!line.startsWith('{')) return null;
  try {
    const { level, time, ts, msg } = JSON.parse(line) as Record<string, string | undefined>;
    const at = Date.parse(time ?? ts ?? '');
    const bad = level === 'error' || level === 'fatal';
    return bad && at > now.getTime() - DAY_MS ? (msg ?? 'no message').slice(0, 120) : null;
  } catch {
    return null;
  }
}
