import { encodeSample, sampleAnswer, sampleGraph, sampleMetadata, sampleRows } from './testing/sample.artifact.ts';
import { openModel, writeArtifact, type ModelRun, type OpenModel } from './index.ts';

const slope = 0.7;
const artifact = writeArtifact(sampleGraph(slope), sampleMetadata(slope));

describe('runs', () => {
  let model: OpenModel;
  let seen: ModelRun[];
  beforeEach(async () => {
    seen = [];
    model = await openModel(artifact, { encode: encodeSample, onRun: (run) => seen.push(run) });
  });
  afterEach(() => model.close());

  const ask = async (count: number) => {
    const rows = sampleRows(count);
    const { probability } = await model.run(encodeSample(rows, null));
    const expected = rows.flatMap((row) => sampleAnswer(slope, row));
    expect(probability).toHaveLength(expected.length);
    expected.forEach((p, i) => expect(probability![i]).toBeCloseTo(p, 14));
  };

  it('score 100 products at once', async () => {
    await ask(100);
    expect(model.runs).toBe(1);
    expect(seen).toMatchObject([{ model: 'sample/damage', digest: model.digest, rows: 100 }]);
  });

  it('are shared by requests that come together', async () => {
    await Promise.all(Array.from({ length: 20 }, () => ask(5)));
    expect(seen.map(({ rows }) => rows)).toEqual([100]);
  });

  it('are shared by requests that come while the graph is busy', async () => {
    const first = ask(3);
    // The first run begins in the next turn of the event loop; these come before it has ended.
    await new Promise((resume) => setImmediate(resume));
    await Promise.all([first, ask(2), ask(4)]);
    expect(seen.map(({ rows }) => rows)).toEqual([3, 6]);
  });

  it('hold maxBatch rows at the most, with requests split between them in order', async () => {
    await Promise.all([ask(30), ask(250), ask(60), ask(1)]);
    expect(seen.map(({ rows }) => rows)).toEqual([100, 100, 100, 41]);
    expect(model.runs).toBe(4);
  });

  it('give each request arrays of its own', async () => {
    const batch = encodeSample(sampleRows(2), null);
    const [a, b] = await Promise.all([model.run(batch), model.run(batch)]);
    a!.probability!.fill(0);
    expect(Array.from(b!.probability!)).toEqual(expect.arrayContaining([expect.any(Number)]));
    expect(b!.probability!.every((p) => p > 0)).toBe(true);
  });

  it('refuse a request with rows that have no finite answer, naming these, and answer those that share the run', async () => {
    const rows = sampleRows(5).map((row, i) => (i === 1 || i === 3 ? { ...row, weight: Number.NaN } : row));
    const [good, refused] = await Promise.allSettled([ask(3), model.run(encodeSample(rows, null))]);
    expect(seen.map((run) => run.rows)).toEqual([8]);
    expect(good.status).toBe('fulfilled');
    expect(refused).toMatchObject({
      status: 'rejected',
      reason: { code: 'ANSWER_NOT_FINITE', details: { rows: [1, 3] } },
    });
  });

  it('of a mixed batch do not let a bad request spoil the others', async () => {
    const bad = { rows: 1, columns: {} };
    const [good, refused] = await Promise.allSettled([ask(3), model.run(bad)]);
    expect(good.status).toBe('fulfilled');
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_BATCH' } });
  });
});
