import * as nn from '@haat/onnx';

const seed = 1;

/** What a convolution net of the bench begins and ends with; the layers between are the case. */
function imageCase(name, [batch, channels, height, width], classes, layers) {
  const image = nn.input('x', 'float32', ['n', channels, height, width]);
  const last = layers(seed);
  return { ...classifier(name, image, classes, last), batch, shape: [batch, channels, height, width], classes };
}

function classifier(name, x, classes, layers) {
  const y = nn.input('y', 'int64', ['n']);
  const network = nn.defineNetwork({
    name: `bench/${name}`,
    inputs: [x],
    outputs: (pass) => ({ logits: layers(x, pass) }),
    objective: ({ logits }) => ({ loss: nn.mean(nn.crossEntropy(logits, y)) }),
  });
  return { network };
}

const pooled = (inputs, classes) => [nn.globalAveragePool, nn.dense('head', inputs, classes, { seed })];

function convBlock(name, inputs, outputs) {
  return [nn.convolution(name, inputs, outputs, 3, { seed, padding: 1 }), nn.relu, (x) => nn.maxPool(x, 2)];
}

function separableBlock(name, inputs, outputs, stride) {
  return [
    nn.convolution(`${name}/depth`, inputs, inputs, 3, { seed, padding: 1, stride, groups: inputs }),
    nn.relu,
    nn.convolution(`${name}/point`, inputs, outputs, 1, { seed, padding: 0 }),
    nn.relu,
  ];
}

function perceptron() {
  const shape = [128, 512];
  const layers = nn.sequential(
    nn.dense('first', 512, 1024, { seed }),
    nn.relu,
    nn.dense('second', 1024, 1024, { seed }),
    nn.relu,
    nn.dense('third', 1024, 256, { seed }),
  );
  return { ...classifier('a', nn.input('x', 'float32', ['n', 512]), 256, layers), batch: 128, shape, classes: 256 };
}

/** Networks of the bench, each beside the same one in `peers/train.py`. */
export const trainCases = {
  a: perceptron,
  b: () =>
    imageCase('b', [32, 3, 64, 64], 20, () =>
      nn.sequential(
        ...convBlock('first', 3, 32),
        ...convBlock('second', 32, 64),
        ...convBlock('third', 64, 128),
        ...pooled(128, 20),
      ),
    ),
  c: () =>
    imageCase('c', [64, 3, 48, 36], 20, () =>
      nn.sequential(
        nn.convolution('stem', 3, 32, 3, { seed, padding: 1 }),
        nn.relu,
        ...separableBlock('first', 32, 64, 2),
        ...separableBlock('second', 64, 128, 1),
        ...separableBlock('third', 128, 128, 2),
        ...separableBlock('fourth', 128, 128, 1),
        ...pooled(128, 20),
      ),
    ),
};
