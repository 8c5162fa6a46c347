import { apply, buildModel, input, standardKernels, type Kernels, type Tensor } from '@haat/onnx';
import { TensorSession } from './tensor.session.ts';

const CHANNELS = 16;
const PLACES = 3;

let found: Promise<Kernels> | null = null;

/**
 * Which kernels the runtime has on this machine beyond the standard: asked once for a process. The blocked layout is internal to ONNX
 * Runtime and its block hangs on the processor: a tensor of known numbers is put into it, and the block is where they stand. A
 * runtime that refuses, or any other order, is one without.
 */
export function probeKernels(): Promise<Kernels> {
  found ??= probed();
  return found;
}

async function probed(): Promise<Kernels> {
  const x = input('x', 'float32', [1, CHANNELS, 1, PLACES]);
  const model = buildModel({
    name: 'probe',
    inputs: [x],
    outputs: { blocked: apply('ReorderInput', [x], { channels_last: false }) },
  });
  const data = Float32Array.from({ length: CHANNELS * PLACES }, (_, i) => i);
  try {
    const session = await TensorSession.open(model);
    const { blocked } = await session
      .run({ x: { dtype: 'float32', shape: [1, CHANNELS, 1, PLACES], data } })
      .finally(() => session.release());
    return { block: [16, 8].find((block) => isBlocked(blocked!, block)) ?? 0 };
  } catch {
    return standardKernels;
  }
}

/** Whether [16, 3] stands as [16 / block, 3, block]. */
function isBlocked({ data }: Tensor, block: number): boolean {
  return Array.from<unknown>(data).every((number, i) => {
    const [inBlock, place] = [i % block, Math.floor(i / block) % PLACES];
    const channel = Math.floor(i / block / PLACES) * block + inBlock;
    return number === channel * PLACES + place;
  });
}
