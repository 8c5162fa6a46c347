import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { float32, uniformNumbers } from '@haat/onnx';
import { readMetadata, TensorSession } from '@haat/model-runtime';
import { fitInChild, type FitJob, type FitObserver } from '../process/index.ts';
import { openShapes, shapeNames, shapeSize } from '../testing/drawn.shapes.ts';
import { lineRows } from '../testing/line.trainer.ts';
import type { FitProgress } from '../trainer.ts';

const fromSource = ['--conditions=@haat/source', '--experimental-transform-types', '--no-warnings'];
/** The long form: HAAT_KILLS=10 with the network that is told apart by. */
const kills = Number(process.env['HAAT_KILLS'] ?? 3);
const full = { width: 16, steps: 600, batch: 64, checkpointEvery: 10 };
const small = { width: 2, steps: 240, batch: 8, checkpointEvery: 2 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'haat-shapes-'));
  writeFileSync(join(folder, 'snapshot'), JSON.stringify({ pictures: 1_000_000, seed: 7, noise: 0.15 }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const job = (model: string, options: FitJob['options']): FitJob => ({
  trainersModule: import.meta.resolve('../testing/index.ts'),
  model,
  snapshotFile: join(folder, 'snapshot'),
  snapshot: { digest: 'd1', rows: 3, asOf: '2026-01-01T00:00:00.000Z', revision: 4 },
  seed: 7,
  options,
});
const runFit = (model: string, options: FitJob['options'], observer: FitObserver = {}, checkpointFile?: string) =>
  fitInChild(
    { ...job(model, options), ...(checkpointFile !== undefined && { checkpointFile }) },
    { nodeArguments: fromSource, ...observer },
  );
const fitOf = (artifact: Uint8Array) => readMetadata(artifact).lineage.fit;
const pidIn = ({ message }: FitProgress) => Number(/process (\d+)/.exec(message)?.[1]);

/** Runs a fit that is killed so many times, each time when it has kept one to three checkpoints of its own and goes on. */
async function killedOften(options: FitJob['options'], times: number): Promise<Uint8Array> {
  const kept = join(folder, 'kept');
  const chances = uniformNumbers(5, times);
  let resumed: string | undefined;
  for (let life = 0; ; life++) {
    let pid = 0;
    let left = 1 + Math.floor(3 * (chances[life] ?? 0));
    const fitting = runFit(
      'packaging/shapes',
      options,
      {
        onProgress: (progress) => (pid = pidIn(progress) || pid),
        onCheckpoint: async (file) => {
          copyFileSync(file, `${kept}.new`);
          renameSync(`${kept}.new`, kept);
          resumed = kept;
          left -= 1;
          if (left > 0 || pid === 0 || life >= times) return;
          left = Infinity;
          process.kill(pid, 'SIGKILL');
        },
      },
      resumed,
    );
    if (life >= times) return fitting;
    await expect(fitting).rejects.toMatchObject({ code: 'FIT_KILLED' });
  }
}

describe('a network that is fitted in a process of its own', () => {
  it('solves linear regression as the normal equations do', async () => {
    const artifact = await runFit('packaging/line', { steps: 900 });
    const { x, y } = lineRows(50);
    const rows = Array.from(y, (_, i) => Array.from(x.subarray(3 * i, 3 * i + 3)));
    const session = await TensorSession.open(artifact);
    // The fitted weights, read off the answers for unit vectors.
    const { answer } = await session.run({
      x: { dtype: 'float64', shape: [3, 3], data: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) },
    });
    await session.release();
    const w = Array.from(answer!.data, Number);
    // At the solution of the normal equations the residuals are orthogonal to every column.
    for (const column of [0, 1, 2]) {
      const slope = rows.reduce(
        (sum, row, i) => sum + row[column]! * (row.reduce((at, each, k) => at + each * w[k]!, 0) - y[i]!),
        0,
      );
      expect(Math.abs(slope)).toBeLessThan(1e-6);
    }
    expect(w[0]).toBeCloseTo(3, 1);
  });

  it('tells twelve drawn shapes apart, 99 in 100 of pictures that nobody drew before', async () => {
    const artifact = await runFit('packaging/shapes', full);
    const session = await TensorSession.open(artifact);
    const rows = 1_200;
    const image = new Float32Array(rows * shapeSize ** 2);
    const shape = new BigInt64Array(rows);
    const fill = await openShapes({ seed: 2_000_003, noise: 0.15 });
    fill({ epoch: 0, seed: 0, rows: Uint32Array.from({ length: rows }, (_, i) => i) }, { image, shape });
    const { logits } = await session.run({ image: float32(image, [rows, 1, shapeSize, shapeSize]) });
    await session.release();
    const told = Array.from({ length: rows }, (_, i) => {
      const scores = Array.from(logits!.data.slice(i * shapeNames.length, (i + 1) * shapeNames.length), Number);
      return scores.indexOf(Math.max(...scores));
    });
    expect(told.filter((label, i) => label === Number(shape[i])).length / rows).toBeGreaterThanOrEqual(0.99);
  }, 120_000);

  it('is the same to the last bit however often its process is killed', async () => {
    const options = kills > 3 ? full : small;
    const unbroken = await runFit('packaging/shapes', options);
    const broken = await killedOften(options, kills);
    expect(fitOf(broken)).toEqual(fitOf(unbroken));
    expect(broken).toEqual(unbroken);
  }, 600_000);
});
