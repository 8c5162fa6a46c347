import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import type { FitProgress } from '../trainer.ts';
import type { FitJob, FitReport } from './fit.job.ts';
import { fitInChild, type FitObserver } from './fit.process.ts';

const fromSource = ['--conditions=@haat/source', '--experimental-transform-types', '--no-warnings'];

describe('fitInChild', () => {
  let folder: string;
  let previous: string | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'haat-fit-spec-'));
    previous = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder;
    writeFileSync(join(folder, 'snapshot'), JSON.stringify({ groups: 3 }));
  });
  afterEach(() => {
    if (previous === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = previous;
    rmSync(folder, { recursive: true });
  });

  const job = (options: FitJob['options'], model = 'packaging/toy'): FitJob => ({
    trainersModule: import.meta.resolve('../testing/index.ts'),
    model,
    snapshotFile: join(folder, 'snapshot'),
    snapshot: { digest: 'd1', rows: 3, asOf: '2026-01-01T00:00:00.000Z', revision: 4 },
    seed: 7,
    options,
  });
  const runFit = (options: FitJob['options'], observer: FitObserver = {}) =>
    fitInChild(job(options), { nodeArguments: fromSource, ...observer });
  const pidIn = ({ message }: FitProgress) => Number(/process (\d+)/.exec(message)![1]);
  const isGone = (pid: number) => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };

  it('answers the artifact, tells the progress, and leaves neither process nor file', async () => {
    const heard: FitProgress[] = [];
    const artifact = await runFit({ steps: 4, loss: 0.25 }, { onProgress: (progress) => heard.push(progress) });
    expect(JSON.parse(new TextDecoder().decode(artifact))).toEqual({
      loss: 0.25,
      seed: 7,
      dataset: 'd1',
      furtherMetrics: 0,
    });
    expect(heard.map(({ fraction }) => fraction)).toEqual([0, 0.25, 0.5, 0.75]);
    expect(pidIn(heard[0]!)).not.toBe(process.pid);
    expect(isGone(pidIn(heard[0]!))).toBe(true);
    expect(readdirSync(folder)).toEqual(['snapshot']);
  });

  it('goes on with the trace of who forks it: each part is a span below that of the process, in its order', async () => {
    const told = new InMemorySpanExporter();
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(told)] }));
    try {
      await runFit({ steps: 4 });
      await expect(runFit({ ending: 'refuses' })).rejects.toMatchObject({ code: 'TOY_REFUSED' });
    } finally {
      trace.disable();
    }
    const spans = told.getFinishedSpans();
    const [whole, refused] = spans.filter(({ name }) => name === 'fit process');
    const ms = ([seconds, nanoseconds]: ReadableSpan['startTime']) => seconds * 1_000 + nanoseconds / 1e6;
    const partsOf = (process: ReadableSpan) =>
      spans.filter((span) => span.parentSpanId === process.spanContext().spanId);
    expect(partsOf(whole!).map(({ name }) => name)).toEqual([
      'fit: load trainer',
      'fit: read snapshot',
      'fit: train',
      'fit: write artifact',
    ]);
    expect(
      partsOf(refused!)
        .map(({ name }) => name)
        .at(-1),
    ).toBe('fit: train');
    for (const [at, span] of partsOf(whole!).entries()) {
      const { startTime, endTime } = span;
      expect(span.spanContext().traceId).toBe(whole!.spanContext().traceId);
      const before = partsOf(whole!)[at - 1]?.endTime ?? startTime;
      expect(ms(startTime)).toBeGreaterThanOrEqual(ms(before));
      expect(ms(endTime)).toBeGreaterThanOrEqual(ms(startTime));
    }
  });

  it('gives the same bytes for the same job', async () => {
    expect(await runFit({})).toEqual(await runFit({}));
  });

  it("passes the trainer's own error on, with code, blame and details", async () => {
    await expect(runFit({ ending: 'refuses' })).rejects.toMatchObject({
      code: 'TOY_REFUSED',
      blame: 'caller',
      message: 'The toy refuses',
      details: { steps: 2 },
    });
  });

  it.each([
    ['throws', 'FIT_FAILED', /status 1[^]*TypeError: the toy broke/],
    ['exits', 'FIT_FAILED', /status 7[^]*out of toys/],
    ['diverges', 'FIT_DIVERGED', /not a number any more at "loss is NaN"/],
  ])('says of a fit that %s: %s', async (ending, code, message) => {
    await expect(runFit({ ending })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(readdirSync(folder)).toEqual(['snapshot']);
  });

  it('refuses options and models that it does not know', async () => {
    await expect(runFit({ steps: 'many' })).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      details: { field: 'steps' },
    });
    await expect(fitInChild(job({}, 'packaging/other'), { nodeArguments: fromSource })).rejects.toMatchObject({
      code: 'UNKNOWN_TRAINER',
    });
  });

  it('kills a fit that is cancelled, even one that never yields', async () => {
    const cancel = new AbortController();
    let pid = 0;
    const fitting = runFit(
      { ending: 'hangs' },
      {
        signal: cancel.signal,
        onProgress: (progress) => {
          pid = pidIn(progress);
          if (progress.fraction === 0.5) cancel.abort(new Error('enough'));
        },
      },
    );
    await expect(fitting).rejects.toThrow('enough');
    expect(isGone(pid)).toBe(true);
    expect(readdirSync(folder)).toEqual(['snapshot']);
  });

  it('hands over checkpoints, and asks a fit that has one to end with a last one', async () => {
    const cancel = new AbortController();
    const kept: number[] = [];
    let pid = 0;
    const fitting = runFit(
      { steps: 10_000, millisecondsPerStep: 1, checkpointed: true },
      {
        signal: cancel.signal,
        onProgress: (progress) => (pid = pidIn(progress)),
        onCheckpoint: async (file) => {
          kept.push(Number(readFileSync(file, 'utf8')));
          if (kept.length === 5) cancel.abort(new Error('enough'));
        },
      },
    );
    await expect(fitting).rejects.toThrow('enough');
    expect(isGone(pid)).toBe(true);
    expect(kept.length).toBeGreaterThan(5);
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
    expect(readdirSync(folder)).toEqual(['snapshot']);
  });

  it('goes on from a checkpoint, and without one that cannot be kept', async () => {
    const checkpointFile = join(folder, 'kept');
    writeFileSync(checkpointFile, '3');
    const lost: unknown[] = [];
    const artifact = await fitInChild(
      { ...job({ steps: 5, checkpointed: true }), checkpointFile },
      {
        nodeArguments: fromSource,
        onCheckpoint: () => Promise.reject(new Error('no room')),
        onCheckpointLost: (failure) => lost.push(failure),
      },
    );
    expect(JSON.parse(new TextDecoder().decode(artifact))).toMatchObject({ begun: 3, loss: 0.5 });
    expect(lost).toContainEqual(new Error('no room'));
  });

  it('tells a fit that the system killed from one that failed', async () => {
    const fitting = runFit(
      { millisecondsPerStep: 10_000 },
      { onProgress: (progress) => process.kill(pidIn(progress), 'SIGKILL') },
    );
    await expect(fitting).rejects.toMatchObject({ code: 'FIT_KILLED', blame: 'retry' });
  });

  it('sees no secret of the process that forks it', async () => {
    process.env['SECRET_DATABASE_URL'] = 'postgres://secret';
    try {
      const spy = join(folder, 'spy.mjs');
      writeFileSync(
        spy,
        `export const spy = { definition: { name: 'packaging/spy', options: { safeParse: (data) => ({ success: true, data }) } },
           read: async () => 0, fit: async () => new TextEncoder().encode(JSON.stringify(process.env)) };`,
      );
      const seen = await fitInChild(
        { ...job({}, 'packaging/spy'), trainersModule: `file://${spy}` },
        { nodeArguments: fromSource },
      );
      expect(new TextDecoder().decode(seen)).not.toContain('SECRET');
    } finally {
      delete process.env['SECRET_DATABASE_URL'];
    }
  });

  it.each([
    ['at rest', { millisecondsPerStep: 20, steps: 10_000 }],
    ['that saves checkpoints without a pause', { millisecondsPerStep: 0, steps: 1_000_000, checkpointed: true }],
  ])('%s ends when the process that forked it dies, and removes its folder', async (_which, options) => {
    const child = fork(fileURLToPath(import.meta.resolve('#fit-child')), { execArgv: fromSource, stdio: 'ignore' });
    const ended = once(child, 'exit');
    let pid = 0;
    child.on('message', (report: FitReport) => report.kind === 'progress' && (pid = pidIn(report)));
    child.send({
      ...job(options),
      artifactFile: join(mkdtempSync(join(folder, 'fit-')), 'artifact'),
    });
    while (pid === 0) await sleep(10);
    child.disconnect();
    await ended;
    expect(isGone(pid)).toBe(true);
    expect(readdirSync(folder)).toEqual(['snapshot']);
  });
});
