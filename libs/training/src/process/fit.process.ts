import { fork, type ChildProcess } from 'node:child_process';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@haat/kit';
import { context, trace, type Span } from '@opentelemetry/api';
import { latestWrite } from '../latest.write.ts';
import type { FitProgress } from '../trainer.ts';
import {
  checkpointBeside,
  type FitJob,
  type FitOrder,
  type FitPart,
  type FitReport,
  type StopOrder,
} from './fit.job.ts';
import { fitProcessError } from './process.errors.ts';
import { inScratchFolder } from './scratch.folder.ts';

export interface FitObserver {
  readonly onProgress?: (progress: FitProgress) => void;
  /**
   * Ends the fit when it is aborted: one that has saved a checkpoint is asked for the last one and given three seconds, any other
   * is killed.
   */
  readonly signal?: AbortSignal;
  /** Keeps a checkpoint; the file is there until it is kept. Called one at a time, with the newest. */
  readonly onCheckpoint?: (file: string) => Promise<void>;
  /** A checkpoint could not be kept: the fit goes on, and the one before is what it goes on from. */
  readonly onCheckpointLost?: (failure: unknown) => void;
  /** Arguments of Node for the child; those of this process unless said otherwise. */
  readonly nodeArguments?: readonly string[];
}

/** The child has no way out to a receiver of traces: its spans are told by the process that forks it. */
const tracer = trace.getTracer('haat');

const LINES_SHOWN = 20;
const GRACE_MS = 3_000;
const program = fileURLToPath(import.meta.resolve('#fit-child'));

/**
 * Runs one fit in a process of its own and answers the artifact's bytes. The child sees no environment but what finding
 * programs and folders takes: no password reaches it. It leaves no file, and ends when this process does.
 * Errors: the trainer's own; INVALID_OPTIONS; UNKNOWN_TRAINER; FIT_FAILED, FIT_KILLED and FIT_DIVERGED with the end of its
 * output; the signal's reason when it is aborted.
 */
export async function fitInChild(job: FitJob, observer: FitObserver = {}): Promise<Uint8Array> {
  const { signal, nodeArguments = process.execArgv } = observer;
  signal?.throwIfAborted();
  return inScratchFolder('fit', async (folder) => {
    const artifactFile = join(folder, 'artifact.onnx');
    const child = fork(program, {
      execArgv: nodeArguments.filter((argument) => !argument.startsWith('--inspect')),
      env: childEnvironment(folder),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // JSON would turn NaN into null.
      serialization: 'advanced',
    });
    const order = { ...job, artifactFile };
    const keeping = checkpointKeeping(order, observer);
    const ending = endWith(child, signal, keeping.begun);
    try {
      await tracer.startActiveSpan('fit process', { attributes: { model: job.model, pid: child.pid } }, (span) =>
        outcome(child, order, {
          ...observer,
          onPart: (part) => tellPart(part, span),
          onCheckpointTold: keeping.told,
        }).finally(() => span.end()),
      );
    } catch (failure) {
      signal?.throwIfAborted();
      throw failure;
    } finally {
      ending.over();
      await keeping.settled();
    }
    return await readFile(artifactFile);
  });
}

/** Ends a fit when the signal says so: gently where it has something to keep. */
function endWith(child: ChildProcess, signal: AbortSignal | undefined, begun: () => boolean) {
  let grace: NodeJS.Timeout | undefined;
  const kill = () => void child.kill('SIGKILL');
  const end = () => {
    if (!begun()) return kill();
    child.send({ kind: 'stop' } satisfies StopOrder, (failure) => failure && kill());
    grace = setTimeout(kill, GRACE_MS);
  };
  signal?.addEventListener('abort', end, { once: true });
  return {
    over() {
      signal?.removeEventListener('abort', end);
      clearTimeout(grace);
    },
  };
}

/** Hands the newest checkpoint of a fit on. The child may put the next one in its place meanwhile. */
function checkpointKeeping(order: FitOrder, { onCheckpoint, onCheckpointLost = () => undefined }: FitObserver) {
  const left = checkpointBeside(order);
  const taken = `${left}.taken`;
  let begun = false;
  const keeping = latestWrite<true>(async () => {
    // One that came while the one before was kept may be taken already.
    const found = await rename(left, taken).then(
      () => true,
      (failure: NodeJS.ErrnoException) => {
        if (failure.code === 'ENOENT') return false;
        throw failure;
      },
    );
    if (found) await onCheckpoint?.(taken);
  }, onCheckpointLost);
  return {
    begun: () => begun,
    told() {
      begun = true;
      keeping.push(true);
    },
    settled: keeping.settled,
  };
}

/** A part of the fit as a span below that of its process. */
function tellPart({ name, from, until }: FitPart, process: Span): void {
  tracer.startSpan(`fit: ${name}`, { startTime: from }, trace.setSpan(context.active(), process)).end(until);
}

interface ProcessObserver extends FitObserver {
  readonly onPart: (part: FitPart) => void;
  readonly onCheckpointTold: () => void;
}

function outcome(
  child: ChildProcess,
  order: FitOrder,
  { onProgress, onPart, onCheckpointTold }: ProcessObserver,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const said = tailOf(child);
    let last: FitReport | undefined;
    let divergence: DomainError | undefined;
    child.on('message', (report: FitReport) => {
      last = report;
      if (report.kind === 'part') onPart(report);
      if (report.kind === 'checkpoint') onCheckpointTold();
      if (report.kind !== 'progress') return;
      if (Number.isNaN(report.fraction)) {
        divergence = diverged(order, report);
        child.kill('SIGKILL');
      } else {
        const { kind: _, ...progress } = report;
        onProgress?.(progress);
      }
    });
    child.once('error', reject);
    child.once('close', (status, signal) => {
      if (divergence) reject(divergence);
      else if (last?.kind === 'done' && status === 0) resolve();
      else if (last?.kind === 'failed') reject(new DomainError(last.code, last.blame, last.message, last.details));
      else reject(died(order, status, signal, said));
    });
    child.send(order, (failure) => failure && child.kill('SIGKILL'));
  });
}

function diverged({ model }: FitOrder, { message }: FitProgress): DomainError {
  return fitProcessError('FIT_DIVERGED', `The fit of ${model} is not a number any more at "${message}"`, { model });
}

function died(
  { model }: FitOrder,
  status: number | null,
  signal: NodeJS.Signals | null,
  said: readonly string[],
): DomainError {
  const end =
    said.length > 0 ? `The end of its output:\n${said.map((line) => `    ${line}`).join('\n')}` : 'It said nothing.';
  return signal === 'SIGKILL'
    ? fitProcessError('FIT_KILLED', `The system killed the fit of ${model}, perhaps for want of memory. ${end}`, {
        signal,
      })
    : fitProcessError('FIT_FAILED', `The fit of ${model} ended with ${signal ?? `status ${status}`}. ${end}`, {
        status,
        signal,
      });
}

/** The last lines of what a process says on both its streams, as they come. */
function tailOf(child: ChildProcess): readonly string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line.slice(0, 500));
      if (lines.length > LINES_SHOWN) lines.shift();
    });
  }
  return lines;
}

function childEnvironment(folder: string): NodeJS.ProcessEnv {
  const passed = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'LD_LIBRARY_PATH', 'SystemRoot'];
  return {
    ...Object.fromEntries(passed.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    TMPDIR: folder,
    NODE_ENV: process.env['NODE_ENV'],
  };
}
