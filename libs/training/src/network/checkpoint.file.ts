import { createHash } from 'node:crypto';
import type { ElementType, Tensor, Tensors } from '@haat/onnx';
import type { StoppingState } from './early.stopping.ts';
import { networkError } from './network.errors.ts';

/** Where a fit is: with it and the data it goes on to the bits of a run that was never interrupted. */
export interface FitState {
  /** Digest of all that decides what the steps compute: graph, data, seed, plan. */
  readonly plan: string;
  /** Steps that are done; epoch, place in it and all chance follow from it. */
  readonly step: number;
  /** Of the last step; null before the first. */
  readonly loss: number | null;
  /** Loss and metrics of the held-out rows, and after how many steps; null before the first evaluation. */
  readonly validation: { readonly step: number; readonly figures: Readonly<Record<string, number>> } | null;
  readonly stopping: StoppingState;
  /** Parameters, running statistics, the optimiser's state. */
  readonly tensors: Tensors;
  /** What would serve best so far; null without a rule of stopping or before the first evaluation. */
  readonly best: Tensors | null;
}

interface Place {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

type Header = Record<string, Place | Readonly<Record<string, string>>>;

/** Element types by their names in the format. */
const names = { float32: 'F32', float64: 'F64', int32: 'I32', int64: 'I64', bool: 'BOOL' } as const;
const arrays = { F32: Float32Array, F64: Float64Array, I32: Int32Array, I64: BigInt64Array, BOOL: Uint8Array } as const;
const types: Readonly<Record<string, ElementType>> = Object.fromEntries(
  Object.entries(names).map(([type, name]) => [name, type as ElementType]),
);

const unsigned = '0'.repeat(64);

/** A state as a safetensors file, whose metadata hold the SHA-256 of all else in it: the same state, the same bytes. */
export function encodeCheckpoint({ tensors, best, ...facts }: FitState): Uint8Array {
  const kept = [...named('state', tensors), ...named('best', best ?? {})];
  let offset = 0;
  const places = kept.map(([name, { dtype, shape, data }]): [string, Place] => {
    const bytes = bytesOf(name, data).byteLength;
    const place = { dtype: names[dtype as keyof typeof names], shape, data_offsets: [offset, offset + bytes] as const };
    offset += bytes;
    return [name, place];
  });
  const header = headerBytes({
    __metadata__: { haat: JSON.stringify({ ...facts, hasBest: best !== null }), sha256: unsigned },
    ...Object.fromEntries(places),
  });
  const file = new Uint8Array(8 + header.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  kept.forEach(([name, { data }], i) =>
    file.set(bytesOf(name, data), 8 + header.length + places[i]![1].data_offsets[0]),
  );
  const digest = createHash('sha256').update(file).digest('hex');
  file.set(new TextEncoder().encode(digest), placeOfDigest(file, unsigned));
  return file;
}

/** Errors: CHECKPOINT_DAMAGED when the bytes are not those that were written. */
export function decodeCheckpoint(file: Uint8Array): FitState {
  const { header, data } = sections(file);
  const { __metadata__: metadata, ...places } = header;
  const { haat, sha256 } = metadata as Readonly<Record<string, string>>;
  const unsignedFile = Buffer.from(file);
  unsignedFile.write(unsigned, placeOfDigest(file, sha256!));
  const found = createHash('sha256').update(unsignedFile).digest('hex');
  if (found !== sha256) throw damaged(`its SHA-256 is ${found}, expected ${sha256}`);
  const { hasBest, ...facts } = JSON.parse(haat!) as Omit<FitState, 'tensors' | 'best'> & { hasBest: boolean };
  const entries = Object.entries(places as Record<string, Place>).map(([name, place]) => [name, tensorAt(data, place)]);
  const part = (prefix: string): Tensors =>
    Object.fromEntries(
      (entries as [string, Tensor][])
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    );
  return { ...facts, tensors: part('state/'), best: hasBest ? part('best/') : null };
}

/** SHA-256 of a state, in hex: two fits with the same digest are in the same state to the last bit. */
export function digestOfState(state: FitState): string {
  return createHash('sha256').update(encodeCheckpoint(state)).digest('hex');
}

function sections(file: Uint8Array): { header: Header; data: Uint8Array } {
  try {
    const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Header;
    if (typeof header['__metadata__'] !== 'object') throw new TypeError('no metadata');
    return { header, data: file.subarray(8 + length) };
  } catch (cause) {
    throw damaged(`its header cannot be read: ${(cause as Error).message}`, cause);
  }
}

function damaged(why: string, cause?: unknown) {
  return networkError('CHECKPOINT_DAMAGED', `Checkpoint: ${why}`, {}, cause);
}

/** Quotes inside of other texts are escaped, so that only the metadata's own entry is found. */
function placeOfDigest(file: Uint8Array, digest: string): number {
  const entry = '"sha256":"';
  const at = Buffer.from(file.buffer, file.byteOffset, file.byteLength).indexOf(`${entry}${digest}"`);
  if (at < 0) throw damaged('it says no digest of itself');
  return at + entry.length;
}

/** Padded to eight bytes, so that numbers begin where their arrays may. */
function headerBytes(header: Header): Uint8Array {
  const text = JSON.stringify(header);
  const bytes = new TextEncoder().encode(text).length;
  return new TextEncoder().encode(text + ' '.repeat((8 - (bytes % 8)) % 8));
}

function named(prefix: string, tensors: Tensors): [string, Tensor][] {
  return Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]);
}

function bytesOf(name: string, data: Tensor['data']): Uint8Array {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw networkError('INVALID_FIT', `State "${name}": expected numbers, got texts`, { name });
}

function tensorAt(data: Uint8Array, { dtype, shape, data_offsets: [from, until] }: Place): Tensor {
  // A copy has a buffer of its own, which is aligned; a Buffer's slice is none.
  const bytes = new Uint8Array(data.subarray(from, until));
  const Kind = arrays[dtype as keyof typeof arrays];
  return { dtype: types[dtype], shape, data: new Kind(bytes.buffer) } as Tensor;
}
