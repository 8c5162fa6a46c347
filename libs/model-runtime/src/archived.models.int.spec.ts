import type { ModelRef } from '@haat/kit';
import { ArchivedModels, digestOf, writeArtifact } from './index.ts';
import {
  encodeSample,
  openSample,
  sampleAnswer,
  sampleGraph,
  sampleMetadata,
  sampleRows,
} from './testing/sample.artifact.ts';

const slopes = [1, 2, 3];
const artifacts = slopes.map((slope) => writeArtifact(sampleGraph(slope), sampleMetadata(slope)));
const refs = artifacts.map((bytes, k): ModelRef => ({
  model: 'sample/damage',
  version: k + 1,
  digest: digestOf(bytes),
}));

function archive(keep: number) {
  const fetched: string[] = [];
  const held = new Map(refs.map(({ digest }, k) => [digest, artifacts[k]!]));
  const models = new ArchivedModels({
    model: 'sample/damage',
    open: openSample,
    keep,
    fetch: async (digest) => {
      fetched.push(digest);
      const bytes = held.get(digest);
      if (!bytes) throw new Error(`no artifact ${digest}`);
      return bytes;
    },
  });
  return { models, fetched, held };
}

describe('ArchivedModels', () => {
  it('answers by any version that the store holds, each opened once however many ask', async () => {
    const { models, fetched } = archive(3);
    const [row] = sampleRows(1);
    const asked = [...refs, ...refs, ...refs];
    const answers = await Promise.all(
      asked.map(async (ref) => {
        const { open } = await models.acquire(ref);
        const { probability } = await open.run(encodeSample([row!], null));
        return [...probability!];
      }),
    );
    asked.forEach((_, k) =>
      answers[k]!.forEach((p, j) => expect(p).toBeCloseTo(sampleAnswer(slopes[k % 3]!, row!)[j]!, 9)),
    );
    expect(fetched.sort()).toEqual(refs.map(({ digest }) => digest).sort());
  });

  it('lets go of the one that was not asked for longest', async () => {
    const { models, fetched } = archive(2);
    for (const k of [0, 1, 0, 2, 0, 1]) await models.acquire(refs[k]!);
    expect(fetched).toEqual([0, 1, 2, 1].map((k) => refs[k]!.digest));
  });

  it('says what is gone or damaged, and opens it once it is back', async () => {
    const { models, held } = archive(2);
    const { digest } = refs[0]!;
    held.delete(digest);
    await expect(models.acquire(refs[0]!)).rejects.toThrow(`no artifact ${digest}`);
    held.set(digest, artifacts[1]!);
    await expect(models.acquire(refs[0]!)).rejects.toMatchObject({ code: 'ARTIFACT_DAMAGED' });
    held.set(digest, artifacts[0]!);
    await expect(models.acquire(refs[0]!)).resolves.toMatchObject({ ref: refs[0] });
  });
});
