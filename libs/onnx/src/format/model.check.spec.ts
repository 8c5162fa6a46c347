import {
  apply,
  buildModel,
  decodeModel,
  encodeModel,
  faultsOf,
  float32,
  input,
  matmul,
  parameter,
  relu,
  validateModel,
  type OnnxGraph,
} from '../index.ts';

const x = input('x', 'float32', ['n', 2]);
const y = relu(matmul(x, parameter('w', float32([1, 2, 3, 4], [2, 2]))));
const bytes = buildModel({ name: 'g', inputs: [x], outputs: { y }, metadata: { card: '{}' } });
const model = decodeModel(bytes);
const broken = (change: (graph: OnnxGraph) => Partial<OnnxGraph>) =>
  faultsOf({ ...model, graph: { ...model.graph, ...change(model.graph) } });

describe('validateModel', () => {
  it('says what a sound file holds', () => {
    expect(validateModel(bytes)).toMatchObject({
      inputs: [{ name: 'x', dtype: 'float32', shape: ['n', 2] }],
      outputs: [{ name: 'y', dtype: 'float32', shape: ['n', 2] }],
      metadata: { card: '{}' },
    });
  });

  it('refuses a broken one with its faults', () => {
    const bad = encodeModel({ ...model, graph: { ...model.graph, initializer: [] } });
    expect(() => validateModel(bad)).toThrow(
      expect.objectContaining({
        code: 'INVALID_MODEL',
        message: 'ONNX file: node 0 (MatMul "MatMul_0") reads "w", which nothing before it makes',
      }),
    );
  });

  it('finds each kind of fault', () => {
    expect(broken(({ node }) => ({ node: node!.toReversed() }))).toContain(
      'node 0 (Relu "Relu_1") reads "MatMul_0", which nothing before it makes',
    );
    expect(broken(({ node }) => ({ node: [...node!, node![0]!] }))).toEqual([
      'node 2 (MatMul "MatMul_0") gives "MatMul_0", which there is already',
    ]);
    expect(broken(({ output }) => ({ output: [...output!, { name: 'z' }] }))).toEqual([
      'output "z" is made by nothing',
    ]);
    expect(broken(({ initializer }) => ({ initializer: [{ ...initializer![0]!, dims: [3, 2] }] }))).toEqual([
      'tensor "w" [3, 2]: expected 6 elements, got 4',
    ]);
    expect(broken(({ node }) => ({ node: node!.map((each) => ({ ...each, domain: 'elsewhere' })) }))[0]).toBe(
      'node 0 (MatMul "MatMul_0") is of the domain "elsewhere", which is not imported',
    );
    expect(
      broken(({ node }) => ({ node: node!.map((each) => ({ ...each, attribute: [{ name: 'axis', type: 2 }] })) }))[0],
    ).toBe('node 0 (MatMul "MatMul_0"): attribute "axis" of type 2 has no value');
  });

  it('looks into graphs within nodes, which see what is around them', () => {
    const branch = (reads: string): OnnxGraph => ({
      node: [{ opType: 'Identity', input: [reads], output: ['inner'] }],
      output: [{ name: 'inner' }],
    });
    const conditional = (reads: string) => (graph: OnnxGraph) => ({
      node: [
        ...graph.node!,
        {
          opType: 'If',
          input: ['x'],
          output: ['chosen'],
          attribute: [{ name: 'then_branch', type: 5, g: branch(reads) }],
        },
      ],
    });
    expect(broken(conditional('w'))).toEqual([]);
    expect(broken(conditional('v'))).toEqual(['node 0 (Identity) reads "v", which nothing before it makes']);
  });

  it('finds nothing in what this package writes', () => {
    const operands = [x, apply('Exp', [x])] as const;
    expect(
      faultsOf(decodeModel(buildModel({ name: 'g', inputs: [x], outputs: { z: apply('Max', operands) } }))),
    ).toEqual([]);
  });
});
