import { digestOf, readMetadata, writeArtifact, type ModelRun } from './index.ts';
import { openSample } from './testing/sample.artifact.ts';
import { coinMetadata, openCoins, tossCoins } from './testing/sample.sampler.ts';

const metadata = await coinMetadata(0.3);
const bytes = writeArtifact(null, metadata);

describe('an artifact without a graph', () => {
  it('is what it says of itself, in the same bytes each time', async () => {
    expect(readMetadata(bytes)).toEqual(metadata);
    expect(writeArtifact(null, await coinMetadata(0.3))).toEqual(bytes);
  });

  it('answers as its sampler does with its parameters, and tells of each run', async () => {
    const runs: ModelRun[] = [];
    const open = await openCoins(bytes, { expectedDigest: digestOf(bytes), onRun: (run) => runs.push(run) });
    const input = { seed: 4711, tosses: 1000 };
    expect(await open.answer(input)).toEqual(await tossCoins(input, { heads: 0.3 }));
    expect(runs).toMatchObject([{ model: 'sample/coins', digest: digestOf(bytes), rows: 1 }]);
  });

  it('answers no more once it is closed, and tells of runs that fail', async () => {
    let failed = 0;
    const open = await openCoins(bytes, { onRunFailed: () => (failed += 1) });
    await expect(open.answer({ seed: 1, tosses: 0 })).rejects.toThrow('tosses');
    expect(failed).toBe(1);
    await open.close();
    await expect(open.answer({ seed: 1, tosses: 1 })).rejects.toMatchObject({ code: 'MODEL_CLOSED' });
  });

  it('is refused when its cases are not answered as they say, each by its own seed', async () => {
    const liar = writeArtifact(null, await coinMetadata(0.3, 0.31));
    await expect(openCoins(liar)).rejects.toMatchObject({ code: 'MODEL_REFUSED', details: { output: 'share' } });
    const short = writeArtifact(null, { ...metadata, golden: metadata.golden.slice(1) });
    await expect(openCoins(short)).rejects.toThrow('expected 32 replay cases, got 31');
    const [first, ...rest] = metadata.golden;
    const silent = writeArtifact(null, { ...metadata, golden: [{ ...first!, outputs: {} }, ...rest] });
    await expect(openCoins(silent)).rejects.toThrow('replay case 0, output "share": expected 1 numbers, got 0');
    const strange = writeArtifact(null, { ...metadata, golden: [{ ...first!, input: {} }, ...rest] });
    await expect(openCoins(strange)).rejects.toThrow('replay case 0 is no input of this model');
  });

  it('is refused as another model, by another digest, and where a graph was expected', async () => {
    const model = openCoins(bytes, { expectedModel: 'sample/dice' });
    await expect(model).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    const digest = openCoins(bytes, { expectedDigest: '0'.repeat(64) });
    await expect(digest).rejects.toMatchObject({ code: 'ARTIFACT_DAMAGED' });
    await expect(openSample(bytes)).rejects.toThrow('Model sample/coins: expected a graph, got parameters alone');
  });

  it('is damaged when it is cut anywhere', () => {
    for (const length of [1, 10, bytes.length / 2, bytes.length - 3]) {
      expect(() => readMetadata(bytes.subarray(0, Math.floor(length)))).toThrow(
        expect.objectContaining({ code: 'ARTIFACT_DAMAGED' }),
      );
    }
  });
});
