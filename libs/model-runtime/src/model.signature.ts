import type { FeatureSpec, ModelCard } from '@haat/kit';
import { describeModel, formatShape, type Port, type Shape } from '@haat/onnx';
import { runtimeError } from './runtime.errors.ts';

/**
 * Compares the graph's inputs and outputs with what its card declares: names, dtypes, shapes. An input is [n, ...sizes]; one number
 * or text a row may be [n, 1] as well. Errors: MODEL_REFUSED with the first difference.
 */
export function checkSignature(bytes: Uint8Array, card: ModelCard): void {
  const { inputs, outputs } = describeModel(bytes);
  const refuse = (place: string, expected: string, got: string) =>
    runtimeError('MODEL_REFUSED', `Model ${card.name}: ${place}: expected ${expected}, got ${got}`, {
      model: card.name,
      place,
      expected,
      got,
    });
  const compare = (
    kind: 'input' | 'output',
    ports: readonly Port[],
    specs: Readonly<Record<string, { readonly dtype: string }>>,
    shapeFault: (port: Port) => string | null,
  ) => {
    const undeclared = ports.find(({ name }) => !Object.hasOwn(specs, name));
    if (undeclared) throw refuse(`${kind} "${undeclared.name}"`, 'one that the card declares', 'none such');
    for (const [name, { dtype }] of Object.entries(specs)) {
      const port = ports.find((each) => each.name === name);
      const place = `${kind} "${name}"`;
      if (!port) throw refuse(place, 'it in the graph', 'none such');
      if (port.dtype !== dtype) throw refuse(place, dtype, port.dtype ?? 'an unknown element type');
      const expected = shapeFault(port);
      if (expected) throw refuse(place, `shape ${expected}`, formatShape(port.shape));
    }
  };
  for (const [name, { dtype }] of Object.entries(card.outputs)) {
    if (dtype !== 'float32' && dtype !== 'float64') throw refuse(`output "${name}"`, 'float32 or float64', dtype);
  }
  compare('input', inputs, card.features, ({ name, shape }) => {
    const { sizes = [] } = card.features[name]!;
    if (isColumn(shape, sizes)) return null;
    return sizes.length === 0 ? '[n] or [n, 1]' : formatShape(['n', ...sizes]);
  });
  compare('output', outputs, card.outputs, ({ name, shape }) => {
    const declared = card.outputs[name]!;
    const fits = shape.length === declared.shape.length && typeof shape[0] === 'string';
    return fits && shape.slice(1).every((size) => typeof size === 'number') ? null : formatShape(declared.shape);
  });
}

function isColumn([first, ...rest]: Shape, sizes: NonNullable<FeatureSpec['sizes']>): boolean {
  const same = rest.length === sizes.length && rest.every((size, axis) => size === sizes[axis]);
  return typeof first === 'string' && (same || (sizes.length === 0 && rest.length === 1 && rest[0] === 1));
}
