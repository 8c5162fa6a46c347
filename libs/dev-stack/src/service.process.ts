import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { devStackError } from './dev-stack.errors.ts';
import { identify, type ProcessIdentity } from './process.identity.ts';
import { openLog, tailOf } from './service.log.ts';

/** How to start one long-running process and to know that it serves. */
export interface ServiceSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** User and group to run as; absent: ours. */
  readonly uid?: number;
  readonly gid?: number;
  readonly log: string;
  readonly health: string | null;
  /** Whether it serves now; `said` gives the last lines that this process wrote. Asked about ten times a second until true. */
  readonly ready: (said: () => readonly string[]) => Promise<boolean>;
  readonly readyWithinMs: number;
  /** What makes it end in good order. */
  readonly stopSignal: NodeJS.Signals;
}

/** Characters of a log's line that an error shows. */
const LINE_SHOWN = 300;
/** Lines of the log of a process that `ready` may look through. */
const LINES_OF_A_START = 200;

export interface ServiceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServiceProcess {
  readonly spec: ServiceSpec;
  readonly identity: ProcessIdentity;
  /** The last lines that this process wrote. */
  readonly said: (lines?: number) => readonly string[];
  readonly exited: Promise<ServiceExit>;
}

/**
 * Starts a process as the leader of a group of its own (a terminal's Ctrl-C does not reach it), its output in its log.
 * @throws BINARY_MISSING when there is no such program, SERVICE_FAILED when it cannot be started.
 */
export async function spawnService(spec: ServiceSpec): Promise<ServiceProcess> {
  const log = openLog(spec.log);
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env as NodeJS.ProcessEnv,
    uid: spec.uid,
    gid: spec.gid,
    detached: true,
    stdio: ['ignore', log.descriptor, log.descriptor],
  });
  closeSync(log.descriptor);
  const exited = new Promise<ServiceExit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT'
          ? devStackError(
              'BINARY_MISSING',
              `${spec.name} needs the program ${spec.command}, which is not there.`,
              { command: spec.command },
              cause,
            )
          : devStackError(
              'SERVICE_FAILED',
              `${spec.name} could not be started: ${cause.message}`,
              { service: spec.name },
              cause,
            ),
      ),
    );
  });
  return {
    spec,
    identity: identify(child.pid!) ?? { pid: child.pid!, mark: 'ended' },
    said: (lines) => tailOf(spec.log, lines, log.start),
    exited,
  };
}

/**
 * Waits until a started process serves.
 * @throws SERVICE_FAILED with the end of its log, when it ends before that or takes longer than it may.
 */
export async function untilReady(
  { spec, said, exited }: ServiceProcess,
  abandoned: () => boolean = () => false,
): Promise<void> {
  let exit: ServiceExit | undefined;
  void exited.then((how) => (exit = how));
  const deadline = Date.now() + spec.readyWithinMs;
  while (!(await spec.ready(() => said(LINES_OF_A_START)))) {
    if (exit !== undefined) throw serviceFailed(spec, `ended before it was ready (${exitText(exit)})`, said());
    if (abandoned()) throw serviceFailed(spec, 'was stopped before it was ready', said());
    if (Date.now() > deadline) throw serviceFailed(spec, `was not ready within ${spec.readyWithinMs / 1000} s`, said());
    await sleep(100);
  }
}

export function serviceFailed(
  spec: Pick<ServiceSpec, 'name' | 'log'>,
  what: string,
  tail: readonly string[] = tailOf(spec.log),
) {
  const end =
    tail.length === 0
      ? ' Its log is empty '
      : ` The end of its log:\n${tail.map((line) => `    ${line.slice(0, LINE_SHOWN)}`).join('\n')}\n`;
  return devStackError('SERVICE_FAILED', `${spec.name} ${what}.${end}(whole log: ${spec.log})`, {
    service: spec.name,
    log: spec.log,
  });
}

export function exitText({ code, signal }: ServiceExit): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

/** Whether a page answers with status 200 within a second. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
