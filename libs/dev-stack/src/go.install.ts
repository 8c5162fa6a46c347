import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const LINES_SHOWN = 20;

export interface GoInstall {
  /** `module/path@version` */
  readonly target: string;
  /** Where the program is written. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Hears each line that Go says. */
  readonly hear: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface GoOutcome {
  readonly status: number | null;
  /** The last lines that Go said, indented. */
  readonly end: string;
}

/** Builds a program from its sources with `go install`; answers null where there is no Go. Throws the signal's reason when that aborts. */
export async function goInstall({ target, folder, env, hear, signal }: GoInstall): Promise<GoOutcome | null> {
  const go = spawn('go', ['install', '-v', target], {
    env: { ...env, GOBIN: folder, GOFLAGS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  const lines: string[] = [];
  createInterface({ input: go.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > LINES_SHOWN) lines.shift();
    hear(line);
  });
  const outcome = await new Promise<GoOutcome | null>((resolve, reject) => {
    go.once('close', (status) => resolve({ status, end: lines.map((line) => `    ${line}`).join('\n') }));
    go.once('error', () => (signal.aborted ? reject(signal.reason) : resolve(null)));
  });
  signal.throwIfAborted();
  return outcome;
}
