import {
  apply,
  bool,
  buildModel,
  cast,
  float32,
  float64,
  input,
  int32,
  int64,
  mul,
  stopGradient,
  strings,
  sum,
  type Tensors,
} from '@haat/onnx';
import { TensorSession } from './tensor.session.ts';

describe('a tensor session', () => {
  const feeds: Tensors = {
    float32: float32([1.5, -2, 0, Infinity], [2, 2]),
    float64: float64([Math.PI, Number.MIN_VALUE]),
    int32: int32([-7, 7]),
    int64: int64([2 ** 40, -1]),
    bool: bool([true, false]),
    string: strings(['हाट', '']),
    scalar: float32([3], []),
    none: float32([], [0, 3]),
  };

  it('gives every element type back as it came', async () => {
    const inputs = Object.entries(feeds).map(([name, { dtype, shape }]) => input(name, dtype, shape));
    const outputs = Object.fromEntries(Object.keys(feeds).map((name, i) => [`${name}_out`, stopGradient(inputs[i]!)]));
    const session = await TensorSession.open(buildModel({ name: 'g', inputs, outputs }), { threads: 2 });
    const results = await session.run(feeds);
    for (const [name, tensor] of Object.entries(feeds))
      expect({ name, tensor: results[`${name}_out`] }).toEqual({ name, tensor });
    await session.release();
  });

  it('writes results where they are wanted, and holds no copy of them', async () => {
    const size = 2 ** 18;
    const x = input('x', 'float32', [size]);
    const outputs = { doubled: mul(x, 2), sum: sum(x) };
    const session = await TensorSession.open(buildModel({ name: 'g', inputs: [x], outputs }));
    const ones = { x: float32(new Float32Array(size).fill(1), [size]) };
    const place = new Float32Array(size);
    const wanted: Tensors = { doubled: { dtype: 'float32', shape: [size], data: place } };
    const { arrayBuffers } = process.memoryUsage();
    for (let run = 0; run < 5; run++) {
      place.fill(0);
      const results = await session.run(ones, wanted);
      // Less than the MiB of one copy that nobody has collected yet.
      expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(2 ** 19);
      expect(results['doubled']).toBe(wanted['doubled']);
      expect(results['sum']).toEqual(float32([size], []));
      expect(place.every((number) => number === 2)).toBe(true);
    }
    await session.release();
  });

  it('refuses what is no graph, and says why a run failed', async () => {
    await expect(TensorSession.open(new Uint8Array([1, 2, 3]))).rejects.toThrow(
      expect.objectContaining({ code: 'MODEL_REFUSED' }),
    );
    const x = input('x', 'float32', [2]);
    const session = await TensorSession.open(
      buildModel({ name: 'g', inputs: [x], outputs: { y: cast(apply('Exp', [x]), 'int64') } }),
    );
    await expect(session.run({ x: float32([1, 2, 3]) })).rejects.toThrow(
      expect.objectContaining({ code: 'MODEL_RUN_FAILED' }),
    );
    await session.release();
  });
});
