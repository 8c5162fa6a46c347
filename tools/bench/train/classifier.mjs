import * as nn from '@haat/onnx';

/** A network that tells classes apart by the last layer's logits. `shape`: of an input, the batch first. */
export function classifier(name, shape, classes, layers) {
  const x = nn.input('x', 'float32', ['n', ...shape.slice(1)]);
  const y = nn.input('y', 'int64', ['n']);
  return nn.defineNetwork({
    name: `bench/${name}`,
    inputs: [x],
    outputs: (pass) => ({ logits: layers(x, pass) }),
    objective: ({ logits }) => ({ loss: nn.mean(nn.crossEntropy(logits, y)) }),
  });
}
