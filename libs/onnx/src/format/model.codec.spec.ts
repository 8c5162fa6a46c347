import fc from 'fast-check';
import {
  apply,
  buildModel,
  constant,
  decodeModel,
  describeModel,
  encodeModel,
  float64,
  input,
  ints,
  withMetadata,
  type OnnxModel,
} from '../index.ts';

const category = input('category', 'string', ['n']);
const code = apply('LabelEncoder', [category], {
  keys_strings: ['हाट', 'b', ''],
  values_int64s: [0, 1, -9_007_199_254_740_991],
  default_int64: 0,
});
const y = apply('Gather', [
  constant(float64([0, -0, Number.MIN_VALUE, Math.PI])),
  apply('Reshape', [code, ints(-1, 1)]),
]);
const bytes = buildModel({ name: 'g', inputs: [category], outputs: { y }, metadata: { key: 'value' } });

describe('the codec', () => {
  it('reads back what was written, and writes it to the same bytes', () => {
    const model = decodeModel(bytes);
    expect(encodeModel(model)).toEqual(bytes);
    const attributes = model.graph.node![0]!.attribute!;
    expect(attributes.map(({ name }) => name)).toEqual(['default_int64', 'keys_strings', 'values_int64s']);
    expect(attributes[1]!.strings!.map((text) => new TextDecoder().decode(text))).toEqual(['हाट', 'b', '']);
    expect(attributes[2]!.ints).toEqual([0, 1, -9_007_199_254_740_991]);
    expect(attributes[0]).toEqual({ name: 'default_int64', type: 2, i: 0 });
  });

  it('keeps any model of the format', () => {
    const name = fc.string({ unit: 'binary', maxLength: 8 });
    const safe = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
    const tensor = fc.record({
      name,
      dims: fc.array(fc.nat(9), { minLength: 1 }),
      dataType: fc.nat(20),
      rawData: fc.uint8Array({ minLength: 1 }),
    });
    const model: fc.Arbitrary<OnnxModel> = fc.record({
      irVersion: fc.nat(20),
      opsetImport: fc.array(fc.record({ domain: name, version: fc.nat(30) }), { minLength: 1 }),
      graph: fc.record({
        name,
        node: fc.array(
          fc.record({
            opType: name,
            input: fc.array(name, { minLength: 1 }),
            output: fc.array(name, { minLength: 1 }),
            attribute: fc.array(fc.record({ name, type: fc.nat(9), i: safe, ints: fc.array(safe, { minLength: 1 }) }), {
              minLength: 1,
            }),
          }),
          { minLength: 1 },
        ),
        initializer: fc.array(tensor, { minLength: 1 }),
      }),
      metadataProps: fc.array(fc.record({ key: name, value: name }), { minLength: 1 }),
    });
    fc.assert(
      fc.property(model, (each) => {
        expect(decodeModel(encodeModel(each))).toEqual(each);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('says of bytes that are none that they are no ONNX model', () => {
    const junk = ['', 'hello, world', '{"a":1}', 'PAR1', '\u0000\u0000'].map((text) => new TextEncoder().encode(text));
    for (const each of junk) expect(() => decodeModel(each)).toThrow(/are no ONNX model/);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(() => decodeModel(noise)).toThrow(expect.objectContaining({ code: 'NOT_AN_ONNX_FILE' }));
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('takes a view into a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 20);
    larger.set(bytes, 11);
    expect(decodeModel(larger.subarray(11, 11 + bytes.length))).toEqual(decodeModel(bytes));
    expect(decodeModel(Buffer.from(bytes))).toEqual(decodeModel(bytes));
  });
});

describe('withMetadata', () => {
  it('adds entries and leaves the rest as it was', () => {
    const added = withMetadata(bytes, { more: 'x', empty: '' });
    expect(describeModel(added).metadata).toEqual({ key: 'value', more: 'x', empty: '' });
    expect(added.subarray(0, bytes.length)).toEqual(bytes);
    expect(decodeModel(added).graph).toEqual(decodeModel(bytes).graph);
  });

  it('refuses an entry that is there already', () => {
    expect(() => withMetadata(bytes, { key: 'again' })).toThrow('expected no entry "key" yet, got one');
  });
});
