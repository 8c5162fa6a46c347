import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface WorkerProcess {
  readonly pid: number;
  /** Of its health and metrics. */
  readonly url: string;
  /** Every line that it logged, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  /** Ends it by `signal` and answers its exit status. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** The place of a worker: who works there now, and how another takes over. */
export interface WorkerPlace {
  worker: WorkerProcess;
  readonly startWorker: () => Promise<WorkerProcess>;
}

/** Ends the worker by SIGKILL, in the middle of whatever it does, and starts another in its place. */
export async function killWorker(place: WorkerPlace): Promise<void> {
  await place.worker.end('SIGKILL');
  place.worker = await place.startWorker();
}

const fromSource = [
  '--no-warnings',
  '--conditions=@haat/source',
  `--import=${import.meta.resolve('../../../../tools/jest/source.mjs')}`,
];

/** Starts a program of this app from its source, and waits until it listens. */
export async function startWorkerProcess(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [...fromSource, fileURLToPath(new URL(program, import.meta.url))], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', DRAIN_SECONDS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const lines: Record<string, unknown>[] = [];
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    void exited.then(([status]) => reject(new Error(`the worker ended with ${status}: ${complaint}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>;
      lines.push(entry);
      if (entry['msg'] === 'listening') resolve(entry['url'] as string);
    });
  });
  return {
    pid: child.pid!,
    url,
    lines,
    async end(signal) {
      child.kill(signal);
      return (await exited)[0];
    },
  };
}
