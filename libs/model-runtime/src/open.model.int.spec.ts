import { isDomainError } from '@haat/kit';
import { decodeModel, encodeModel } from '@haat/onnx';
import type { ArtifactMetadata } from './artifact.ts';
import { digestOf, openModel, readMetadata, writeArtifact } from './index.ts';
import { encodeSample, sampleAnswer, sampleGraph, sampleMetadata, sampleRows } from './testing/sample.artifact.ts';

const slope = 0.7;
const metadata = sampleMetadata(slope);
const bytes = writeArtifact(sampleGraph(slope), metadata);
const options = { encode: encodeSample };

/** The code of the DomainError that `attempt` ends with. */
async function failure(attempt: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await attempt;
  } catch (error) {
    if (isDomainError(error)) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

const artifactOf = (changed: Partial<ArtifactMetadata>) =>
  writeArtifact(sampleGraph(slope), { ...metadata, ...changed });

describe('an artifact', () => {
  it('keeps what it says of itself, and is the same bytes each time', () => {
    expect(readMetadata(bytes)).toEqual(JSON.parse(JSON.stringify(metadata)));
    expect(writeArtifact(sampleGraph(slope), sampleMetadata(slope))).toEqual(bytes);
    expect(digestOf(bytes)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes its metadata once', () => {
    expect(() => writeArtifact(bytes, metadata)).toThrow(/haat\.card/);
  });
});

describe('an open model', () => {
  it('answers what its formula gives, row by row', async () => {
    const model = await openModel<{ slope: number }>(bytes, { ...options, expectedDigest: digestOf(bytes) });
    const rows = sampleRows(7);
    const { probability } = await model.run(encodeSample(rows, null));
    expect(probability).toBeInstanceOf(Float64Array);
    rows.flatMap((row) => sampleAnswer(slope, row)).forEach((p, i) => expect(probability![i]).toBeCloseTo(p, 14));
    expect(model.metadata.context.slope).toBe(slope);
    await model.close();
  });

  it('asks nothing of the graph for an empty batch', async () => {
    const model = await openModel(bytes, options);
    expect(await model.run(encodeSample([], null))).toEqual({ probability: new Float64Array() });
    expect(model.runs).toBe(0);
    await model.close();
  });

  it('refuses a batch with a column missing, of another type or of another length', async () => {
    const model = await openModel(bytes, options);
    const { rows, columns } = encodeSample(sampleRows(2), null);
    const { category, log_weight } = columns;
    const wrong = [
      { category: category! },
      { category: category!, log_weight: new Float64Array(2) },
      { category: category!, log_weight: log_weight!.slice(1) },
    ];
    for (const each of wrong) {
      expect(await failure(model.run({ rows, columns: each as typeof columns }))).toMatchObject({
        code: 'INVALID_BATCH',
        message: expect.stringContaining('"log_weight": expected float32 [2]'),
      });
    }
    await model.close();
  });

  it('says so when it was closed', async () => {
    const model = await openModel(bytes, options);
    const last = model.run(encodeSample(sampleRows(1), null));
    await Promise.all([model.close(), model.close()]);
    expect((await last).probability).toHaveLength(3);
    expect((await failure(model.run(encodeSample(sampleRows(1), null)))).code).toBe('MODEL_CLOSED');
  });
});

describe('opening refuses', () => {
  const refusal = async (artifact: Uint8Array, extra = {}) => failure(openModel(artifact, { ...options, ...extra }));

  it('bytes of another digest', async () => {
    const got = await refusal(bytes, { expectedDigest: '0'.repeat(64) });
    expect(got).toMatchObject({ code: 'ARTIFACT_DAMAGED', message: expect.stringContaining(digestOf(bytes)) });
  });

  it('an artifact of another model', async () => {
    expect(await refusal(bytes, { expectedModel: 'sample/other' })).toMatchObject({
      code: 'MODEL_REFUSED',
      message: 'Artifact: expected model sample/other, got sample/damage',
    });
  });

  it('what is no ONNX file', async () => {
    const texts = ['', 'hello', '<html></html>', '{"card":{}}', 'PK\u0003\u0004'];
    for (const text of texts) expect((await refusal(Buffer.from(text))).code).toBe('ARTIFACT_DAMAGED');
  });

  it('a file that was cut off, wherever', async () => {
    for (let share = 0; share < 64; share++) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * share) / 64));
      expect((await refusal(cut)).code).toMatch(/^(ARTIFACT_DAMAGED|MODEL_REFUSED)$/);
    }
  });

  it('any flipped byte, when the digest is known', async () => {
    for (let i = 0; i < bytes.length; i += 101) {
      const flipped = bytes.with(i, bytes[i]! ^ 0x40);
      expect((await refusal(flipped, { expectedDigest: digestOf(bytes) })).code).toBe('ARTIFACT_DAMAGED');
    }
  });

  it('a flipped bit in a weight, even when nobody knows the digest', async () => {
    const { graph, ...model } = decodeModel(bytes);
    const initializer = graph.initializer!.map((tensor) =>
      tensor.name === 'slope' ? { ...tensor, rawData: tensor.rawData!.with(5, tensor.rawData![5]! ^ 1) } : tensor,
    );
    const got = await refusal(encodeModel({ ...model, graph: { ...graph, initializer } }));
    expect(got).toMatchObject({
      code: 'MODEL_REFUSED',
      message: expect.stringMatching(/^Model sample\/damage: replay case/),
    });
  });

  it('an answer that differs by more than 1e-12', async () => {
    const golden = (by: number) =>
      metadata.golden.map((each, i) =>
        i === 9 ? { ...each, outputs: { probability: each.outputs.probability!.map((p) => p + by) } } : each,
      );
    expect((await refusal(artifactOf({ golden: golden(2e-12) }))).message).toMatch(
      /replay case 9, output "probability"\[0\]/,
    );
    await (await openModel(artifactOf({ golden: golden(2e-13) }), options)).close();
  });

  it('too few replay cases, cases that are no inputs, and answers of another width', async () => {
    const changed = [
      [metadata.golden.slice(1), /expected 32 replay cases, got 31/],
      [metadata.golden.map((each) => ({ ...each, input: null })), /no inputs of this model/],
      [metadata.golden.map((each) => ({ ...each, outputs: { probability: [0.5] } })), /expected 3 numbers, got 1/],
      [metadata.golden.map((each) => ({ ...each, outputs: {} })), /expected 3 numbers, got 0/],
    ] as const;
    for (const [golden, message] of changed) {
      expect(await refusal(artifactOf({ golden }))).toMatchObject({
        code: 'MODEL_REFUSED',
        message: expect.stringMatching(message),
      });
    }
  });

  it('a card that declares another graph', async () => {
    const { card } = metadata;
    const weight = card.features.log_weight!;
    const changed = [
      [{ features: { ...card.features, height: weight } }, 'input "height": expected it in the graph, got none such'],
      [{ features: { log_weight: weight } }, 'input "category": expected one that the card declares, got none such'],
      [
        { features: { ...card.features, log_weight: { ...weight, dtype: 'float64' } } },
        'input "log_weight": expected float64, got float32',
      ],
      [
        { outputs: { probability: { ...card.outputs.probability!, dtype: 'string' } } },
        'output "probability": expected float32 or float64, got string',
      ],
      [{ outputs: {} }, 'output "probability": expected one that the card declares, got none such'],
      [
        { outputs: { probability: { ...card.outputs.probability!, shape: ['n'] } } },
        'output "probability": expected shape [n], got [n, 3]',
      ],
    ] as const;
    for (const [change, message] of changed) {
      expect(await refusal(artifactOf({ card: { ...card, ...change } as typeof card }))).toMatchObject({
        code: 'MODEL_REFUSED',
        message: `Model sample/damage: ${message}`,
      });
    }
  });

  it('metadata that is missing or malformed', async () => {
    const { metadataProps = [], ...model } = decodeModel(bytes);
    const without = encodeModel({ ...model, metadataProps: metadataProps.filter(({ key }) => key !== 'haat.golden') });
    expect((await refusal(without)).message).toBe('Artifact: expected metadata "haat.golden", got none');
    const broken = metadataProps.map((entry) => (entry.key === 'haat.card' ? { ...entry, value: '{"name":' } : entry));
    expect((await refusal(encodeModel({ ...model, metadataProps: broken }))).code).toBe('ARTIFACT_DAMAGED');
    const nameless = artifactOf({ card: { ...metadata.card, name: 'damage' as 'sample/damage' } });
    expect((await refusal(nameless)).message).toMatch(/"haat\.card" at "name"/);
  });

  it('a graph that the runtime does not take', async () => {
    const { graph, ...model } = decodeModel(bytes);
    const node = graph.node!.map((each) => (each.opType === 'Sigmoid' ? { ...each, opType: 'Sigmund' } : each));
    expect(await refusal(encodeModel({ ...model, graph: { ...graph, node } }))).toMatchObject({
      code: 'MODEL_REFUSED',
      message: expect.stringContaining('Sigmund'),
    });
  });
});
