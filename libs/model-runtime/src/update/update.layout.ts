import type { Tensors, UpdateCall, UpdateKernel, UpdateSource } from '@haat/onnx';
import { runtimeError } from '../runtime.errors.ts';
import { emptyDesk, type UpdatePass, type UpdateWork } from './update.passes.ts';

/** Where tensors begin, in bytes: a multiple of a cache line. */
const ALIGNMENT = 64;
const PAGE = 65_536;
const MOST_PAGES = 65_536;

/** Elements of a pass at most: some 0.1 ms, so that threads end together, and far more than taking it costs. */
const PASS = 32_768;

type Views = ReadonlyMap<string, Float32Array>;

/** Where everything that calls read and write stands, by name. */
export interface UpdateLayout {
  readonly memory: WebAssembly.Memory;
  /** Calls read one side and write the other; what stands once is on both. */
  readonly sides: readonly [Views, Views];
  /** What the graph gives. */
  readonly given: Views;
}

/**
 * A kernel made ready; `numbers`: names of what calls take besides tensors, in the order of the desk. `once`: what goes round and is
 * changed where it stands, since nobody reads it but the call that writes it; the rest stands twice.
 * Errors: MODEL_REFUSED when it is more than a memory can hold.
 */
export function updateWork(
  { module, calls }: UpdateKernel,
  once: readonly string[],
): {
  readonly work: UpdateWork;
  readonly layout: UpdateLayout;
  readonly numbers: readonly string[];
} {
  const layout = updateLayout(calls, new Set(once));
  const numbers = [...new Set(calls.flatMap((call) => call.numbers))];
  const passes = updatePasses(calls, numbers, layout);
  const work = {
    memory: layout.memory,
    module: new WebAssembly.Module(module as Uint8Array<ArrayBuffer>),
    passes,
    desk: emptyDesk(passes.length, numbers.length),
  };
  return { work, layout, numbers };
}

/** Memory for all that calls name. */
function updateLayout(calls: readonly UpdateCall[], once: ReadonlySet<string>): UpdateLayout {
  const [twice, single] = [new Map<string, number>(), new Map<string, number>()];
  const keep = (name: string, size: number) => (once.has(name) ? single : twice).set(name, size);
  const given = new Map<string, number>();
  for (const { size, reads, writes } of calls) {
    for (const name of writes) keep(name, size);
    for (const source of reads) {
      if ('kept' in source) keep(source.kept, size);
      else given.set(source.given, size);
    }
  }
  const bytes = (sizes: ReadonlyMap<string, number>) =>
    [...sizes.values()].reduce((sum, size) => sum + padded(size), 0);
  const pages = Math.ceil((ALIGNMENT + 2 * bytes(twice) + bytes(single) + bytes(given)) / PAGE);
  if (pages > MOST_PAGES) {
    const message = `Training step: expected at most 4 GiB of parameters and state for its kernel, got ${pages} pages of 64 KiB; update them in the graph`;
    throw runtimeError('MODEL_REFUSED', message, { pages });
  }
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  // Address 0 stays free.
  let at = ALIGNMENT;
  const placed = (sizes: ReadonlyMap<string, number>) =>
    new Map(
      [...sizes].map(([name, size]) => {
        const view = new Float32Array(memory.buffer, at, size);
        at += padded(size);
        return [name, view];
      }),
    );
  const shared = placed(single);
  const side = () => new Map([...placed(twice), ...shared]);
  return { memory, sides: [side(), side()], given: placed(given) };
}

/** Calls cut into passes. */
function updatePasses(
  calls: readonly UpdateCall[],
  numbers: readonly string[],
  { sides, given }: UpdateLayout,
): UpdatePass[] {
  return calls.flatMap((call) => {
    const addresses = (from: Views, to: Views) => {
      const source = (read: UpdateSource) => ('kept' in read ? from.get(read.kept)! : given.get(read.given)!);
      return [...call.reads.map(source), ...call.writes.map((name) => to.get(name)!)].map((view) => view.byteOffset);
    };
    const [there, back] = [addresses(sides[0], sides[1]), addresses(sides[1], sides[0])];
    return Array.from({ length: Math.ceil(call.size / PASS) }, (_, i): UpdatePass => {
      const from = i * PASS;
      const moved = (whole: readonly number[]) => whole.map((address) => address + 4 * from);
      return {
        entry: call.entry,
        bytes: 4 * Math.min(PASS, call.size - from),
        addresses: [moved(there), moved(back)],
        numbers: call.numbers.map((name) => numbers.indexOf(name)),
      };
    });
  });
}

/** What the graph writes for calls, as tensors over the memory. */
export function givenTensors(calls: readonly UpdateCall[], { given }: UpdateLayout, initial: Tensors): Tensors {
  const entries = calls.flatMap(({ reads, writes }) =>
    reads.flatMap((source) => {
      if ('kept' in source) return [];
      const { shape } = initial[writes[0]!]!;
      return [[source.given, { dtype: 'float32' as const, shape, data: given.get(source.given)! }] as const];
    }),
  );
  return Object.fromEntries(entries);
}

function padded(size: number): number {
  return Math.ceil((4 * size) / ALIGNMENT) * ALIGNMENT;
}
