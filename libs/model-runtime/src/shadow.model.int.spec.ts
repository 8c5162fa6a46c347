import {
  AliasedModel,
  digestOf,
  ShadowModel,
  writeArtifact,
  type OpenModel,
  type RuntimeLog,
  type ShadowOutcome,
} from './index.ts';
import {
  encodeSample,
  openSample,
  sampleAnswer,
  sampleGraph,
  sampleMetadata,
  sampleRows,
} from './testing/sample.artifact.ts';

const model = 'sample/damage';
const silent: RuntimeLog = { info: () => undefined, warn: () => undefined };

/** A version that an alias stands for, opened. */
async function holding(alias: 'champion' | 'shadow', version: number, slope: number): Promise<AliasedModel<OpenModel>> {
  const bytes = writeArtifact(sampleGraph(slope), sampleMetadata(slope));
  const ref = { model, version, digest: digestOf(bytes) };
  const held = new AliasedModel({
    model,
    alias,
    source: {
      holder: async (_model, asked) => (asked === alias ? ref : null),
      onChange: () => () => undefined,
    },
    fetch: async () => bytes,
    open: openSample,
    log: silent,
  });
  await held.start();
  await held.stop();
  return held;
}

interface Setting {
  readonly slope?: number;
  readonly tolerance?: number;
  readonly capacity?: number;
  readonly broken?: boolean;
}

async function beside({ slope = 0.9, tolerance = 0.1, capacity = 1_000, broken = false }: Setting = {}) {
  const [champion, shadow] = [await holding('champion', 1, 0.5), await holding('shadow', 2, slope)];
  const outcomes: ShadowOutcome[] = [];
  if (broken) await shadow.current!.open.close();
  const model = new ShadowModel({ shadow, tolerance, capacity, log: silent, onOutcome: (one) => outcomes.push(one) });
  const sum = (name: 'rows' | 'differing' | 'dropped' | 'failed') => outcomes.reduce((all, one) => all + one[name], 0);
  const totals = () => ({
    rows: sum('rows'),
    differing: sum('differing'),
    dropped: sum('dropped'),
    failed: sum('failed'),
  });
  return { served: model.beside(await champion.acquire()), model, outcomes, totals };
}

const rows = sampleRows(150);
const batch = encodeSample(rows, null);

describe('a shadow', () => {
  it("answers beside the champion: the caller gets the champion's answer, and rows beyond the tolerance are counted", async () => {
    const { served, model: shadow, outcomes, totals } = await beside();
    const { probability } = await served.open.run(batch);
    rows.flatMap((row) => sampleAnswer(0.5, row)).forEach((p, i) => expect(probability![i]).toBeCloseTo(p, 14));
    await shadow.drain();
    const distances = rows.map((row) =>
      Math.max(...sampleAnswer(0.5, row).map((p, j) => Math.abs(p - sampleAnswer(0.9, row)[j]!))),
    );
    const differing = distances.filter((distance) => distance > 0.1).length;
    expect(differing).toBeGreaterThan(0);
    expect(differing).toBeLessThan(rows.length);
    expect(totals()).toEqual({ rows: rows.length, differing, dropped: 0, failed: 0 });
    expect(Math.max(...outcomes.map(({ largest }) => largest))).toBeCloseTo(Math.max(...distances), 12);
    expect(outcomes.every(({ champion, shadow: version }) => champion === 1 && version === 2)).toBe(true);
  });

  it('has not run when the champion has answered, and compares what was answered, whatever the caller does with it', async () => {
    const { served, model: shadow, outcomes, totals } = await beside({ tolerance: 1 });
    const { probability } = await served.open.run(batch);
    expect(outcomes).toEqual([]);
    probability!.fill(99);
    await shadow.drain();
    expect(totals()).toEqual({ rows: rows.length, differing: 0, dropped: 0, failed: 0 });
  });

  it('drops and counts what does not fit, and takes on again when there is room', async () => {
    const { served, model: shadow, totals } = await beside({ capacity: 300 });
    for (let i = 0; i < 3; i++) void served.open.run(batch);
    await served.open.run(batch);
    await shadow.drain();
    const first = totals();
    expect(first.rows + first.dropped).toBe(600);
    expect(first.dropped).toBeGreaterThanOrEqual(150);
    await served.open.run(batch);
    await shadow.drain();
    expect(totals()).toMatchObject({ rows: first.rows + 150, dropped: first.dropped });
  });

  it('that fails is counted, and no request with it', async () => {
    const { served, model: shadow, totals } = await beside({ broken: true });
    expect((await served.open.run(batch)).probability).toHaveLength(rows.length * 3);
    await shadow.drain();
    expect(totals()).toEqual({ rows: 0, differing: 0, dropped: 0, failed: rows.length });
  });

  it('that is the champion itself does nothing', async () => {
    const { served, model: shadow, outcomes } = await beside({ slope: 0.5 });
    await served.open.run(batch);
    await shadow.drain();
    expect(outcomes).toEqual([]);
  });
});
