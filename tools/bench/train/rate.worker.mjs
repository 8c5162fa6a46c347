import { probeKernels, TensorSession } from '@haat/model-runtime';
import * as nn from '@haat/onnx';
import { stepsWhenAsked } from './stepped.mjs';

/** The fastest kernels there are: a convolution in blocked layout, or a product of matrices where there is none or it is asked for. */
const { block } = await probeKernels();
const blocked = process.argv[2] === 'convolution' && block > 0;
const [x, w] = blocked
  ? [nn.input('x', 'float32', [32, 64, 32, 32]), nn.input('w', 'float32', [128, 64, 3, 3])]
  : [nn.input('x', 'float32', [2048, 1024]), nn.input('w', 'float32', [1024, 1024])];
const window = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 };
const y = blocked ? nn.apply('BlockedConv', [x, w], window) : nn.matmul(x, w);
const size = ({ shape }) => shape.reduce((product, each) => product * each, 1);
// The result stays in the runtime: only its first number is taken out.
const first = nn.slice(nn.reshape(y, [size(y)]), 0, 0, 1);
const session = await TensorSession.open(nn.buildModel({ name: 'rate', inputs: [x, w], outputs: { first } }), {
  threads: 2,
});
const feeds = Object.fromEntries(
  [x, w].map((value) => [value.origin.name, nn.float32(nn.uniformNumbers(1, size(value)), value.shape)]),
);
const flops = 2 * size(y) * (blocked ? 64 * 9 : 1024);
await stepsWhenAsked(async () => void (await session.run(feeds)), { flops });
