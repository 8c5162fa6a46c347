import type { ModelRef } from '@haat/kit';
import { AliasedModel, digestOf, writeArtifact, type Alias, type AliasSource, type RuntimeLog } from './index.ts';
import {
  encodeSample,
  openSample,
  sampleAnswer,
  sampleGraph,
  sampleMetadata,
  sampleRows,
} from './testing/sample.artifact.ts';

const model = 'sample/damage';

/** A registry and an artifact store in memory. */
class Shelf implements AliasSource {
  alias: Alias = 'champion';
  promoted: ModelRef | null = null;
  asked = 0;
  broken: Error | null = null;
  private readonly listeners = new Set<(model: string, alias: Alias) => void>();
  private readonly artifacts = new Map<string, Uint8Array>();

  async holder(_model: string, alias: Alias) {
    this.asked += 1;
    if (this.broken) throw this.broken;
    return alias === this.alias ? this.promoted : null;
  }

  onChange(listener: (model: string, alias: Alias) => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get listening() {
    return this.listeners.size;
  }

  fetch = async (digest: string) => {
    const bytes = this.artifacts.get(digest);
    if (!bytes) throw new Error(`no artifact ${digest}`);
    return bytes;
  };

  /** Stores `bytes` as a version; `stored` is what the store gives back for them. */
  put(version: number, bytes: Uint8Array, stored = bytes): ModelRef {
    const digest = digestOf(bytes);
    this.artifacts.set(digest, stored);
    return { model, version, digest };
  }

  promote(ref: ModelRef | null) {
    this.promoted = ref;
    for (const listener of this.listeners) listener(model, this.alias);
  }
}

const artifact = (slope: number, claimed = slope) => writeArtifact(sampleGraph(slope), sampleMetadata(claimed));

function watched(shelf: Shelf, pollMs = 60_000) {
  const lines: { level: string; message: string }[] = [];
  const swaps: string[] = [];
  const log: RuntimeLog = {
    info: (_, message) => lines.push({ level: 'info', message }),
    warn: (_, message) => lines.push({ level: 'warn', message }),
  };
  const champion = new AliasedModel({
    model,
    source: shelf,
    fetch: shelf.fetch,
    open: openSample,
    pollMs,
    log,
    onSwap: ({ ref, outcome }) => swaps.push(`${ref.version} ${outcome}`),
  });
  return { champion, lines, swaps };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resume) => setTimeout(resume, 1));
}

describe('a champion', () => {
  const shelf = new Shelf();
  const one = shelf.put(1, artifact(0.5));
  const two = shelf.put(2, artifact(0.9));
  const liar = shelf.put(3, artifact(0.5, 0.6));
  const rotten = shelf.put(4, artifact(0.7), artifact(0.8));

  afterEach(() => {
    expect(shelf.listening).toBe(0);
    shelf.broken = null;
    shelf.promoted = null;
  });

  it('is not ready before a version is promoted, and is as soon as one is', async () => {
    const { champion } = watched(shelf);
    await champion.start();
    await expect(champion.acquire()).rejects.toMatchObject({ code: 'MODEL_NOT_READY', blame: 'retry' });
    shelf.promote(one);
    expect((await champion.acquire()).ref).toEqual(one);
    await champion.stop();
  });

  it('is followed by polling when no notice comes', async () => {
    const { champion } = watched(shelf, 5);
    shelf.promoted = one;
    await champion.start();
    expect(champion.serving).toEqual(one);
    shelf.promoted = two;
    await until(() => champion.serving?.version === 2);
    await champion.stop();
    const { asked } = shelf;
    await new Promise((resume) => setTimeout(resume, 30));
    expect(shelf.asked).toBe(asked);
  });

  it('changes under load without a failed or mixed answer, and the old one finishes', async () => {
    const { champion, swaps } = watched(shelf);
    shelf.promoted = one;
    await champion.start();
    const old = await champion.acquire();
    const rows = sampleRows(5);
    const served = new Set<number>();
    const ask = async () => {
      const { ref, open } = await champion.acquire();
      const { probability } = await open.run(encodeSample(rows, null));
      const { slope } = open.metadata.context;
      expect(slope).toBe(ref.version === 1 ? 0.5 : 0.9);
      rows.flatMap((row) => sampleAnswer(slope, row)).forEach((p, i) => expect(probability![i]).toBeCloseTo(p, 14));
      served.add(ref.version);
    };
    const caller = async () => {
      for (let i = 0; i < 60; i++) await ask();
    };
    const load = Promise.all(Array.from({ length: 8 }, caller));
    for (const ref of [two, one, two]) {
      await new Promise((resume) => setImmediate(resume));
      shelf.promote(ref);
      await until(() => champion.serving?.digest === ref.digest);
    }
    await load;
    expect(served).toEqual(new Set([1, 2]));
    expect(swaps).toEqual(['1 serving', '2 serving', '1 serving', '2 serving']);
    expect((await old.open.run(encodeSample(rows, null))).probability).toHaveLength(15);
    await champion.stop();
  });

  it.each([
    ['cannot repeat its answers', liar],
    ['is not what was registered', rotten],
  ])('stays when the next one %s; that is logged and counted once for each promotion', async (_, bad) => {
    const { champion, lines, swaps } = watched(shelf, 3);
    shelf.promoted = one;
    await champion.start();
    shelf.promote(bad);
    await until(() => champion.refusals === 1);
    const { asked } = shelf;
    await until(() => shelf.asked > asked + 3);
    expect(champion.refusals).toBe(1);
    expect((await champion.acquire()).ref).toEqual(one);
    expect(champion.refusal).toMatchObject({ ref: bad, code: bad === liar ? 'MODEL_REFUSED' : 'ARTIFACT_DAMAGED' });
    shelf.promote(bad);
    await until(() => champion.refusals === 2);
    shelf.promote(two);
    await until(() => champion.serving?.version === 2);
    expect(champion.refusal).toBeNull();
    expect(swaps).toEqual(['1 serving', `${bad.version} refused`, `${bad.version} refused`, '2 serving']);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
    await champion.stop();
  });

  it('is none when the only version is refused', async () => {
    const { champion } = watched(shelf);
    shelf.promoted = liar;
    await champion.start();
    await expect(champion.acquire()).rejects.toThrow(/the champion was refused/);
    await champion.stop();
  });

  it('stays when the registry cannot be asked, or the store has no such artifact yet', async () => {
    const { champion, lines } = watched(shelf, 3);
    shelf.promoted = one;
    await champion.start();
    shelf.broken = new Error('connection lost');
    await until(() => lines.some(({ message }) => message.startsWith('cannot see')));
    shelf.broken = null;
    const late = { model, version: 5, digest: digestOf(artifact(1.1)) };
    shelf.promoted = late;
    await until(() => lines.some(({ message }) => message.endsWith('was refused')));
    const { asked } = shelf;
    await until(() => shelf.asked > asked + 3);
    expect(champion.serving).toEqual(one);
    shelf.put(5, artifact(1.1));
    await until(() => champion.serving?.version === 5);
    expect(champion.refusals).toBe(1);
    await champion.stop();
  });

  it('goes when it is no longer promoted', async () => {
    const { champion } = watched(shelf);
    shelf.promoted = one;
    await champion.start();
    shelf.promote(null);
    await until(() => champion.serving === null);
    await expect(champion.acquire()).rejects.toMatchObject({ code: 'MODEL_NOT_READY' });
    await champion.stop();
  });
});
