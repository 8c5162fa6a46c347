import { runtimeError } from '../runtime.errors.ts';

type Entry = (...args: readonly number[]) => void;

/** A stretch of one call of a kernel; whoever takes it computes all of it. */
export interface UpdatePass {
  /** The kernel's function. */
  readonly entry: string;
  /** Bytes of the stretch in each tensor, a multiple of 16. */
  readonly bytes: number;
  /** Where it begins in what is read, then in what is written: from the first side to the second, and back. */
  readonly addresses: readonly [readonly number[], readonly number[]];
  /** Which of a round's numbers it takes. */
  readonly numbers: readonly number[];
}

/** What the threads of an update share; all of it can be sent to another thread. */
export interface UpdateWork {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly passes: readonly UpdatePass[];
  readonly desk: SharedArrayBuffer;
}

/** Cells of the desk: how many passes of a round are taken and done, and which side it reads. Numbers follow. */
const [TAKEN, DONE, SIDE, CELLS] = [0, 1, 2, 3];

/** A pass takes less than a millisecond. */
const PATIENCE_MS = 30_000;

/** A desk for rounds of `passes` passes with `numbers` numbers, on which no round is open. */
export function emptyDesk(passes: number, numbers: number): SharedArrayBuffer {
  const desk = new SharedArrayBuffer(4 * (CELLS + numbers));
  new Int32Array(desk).fill(passes, TAKEN, DONE + 1);
  return desk;
}

/**
 * Passes as one thread sees them. Each element is computed by itself, so that the bits do not hang on who takes which pass; that
 * threads take them as they come keeps all of them busy, and none waits for one that the system has put to sleep before it began.
 */
export class PassQueue {
  readonly #entries: Readonly<Record<string, Entry>>;
  readonly #passes: readonly UpdatePass[];
  readonly #cells: Int32Array;
  readonly #numbers: Float32Array;

  constructor({ memory, module, passes, desk }: UpdateWork) {
    this.#entries = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<string, Entry>;
    this.#passes = passes;
    this.#cells = new Int32Array(desk, 0, CELLS);
    this.#numbers = new Float32Array(desk, 4 * CELLS);
  }

  /** Opens a round for all threads. The one before has to be closed, and one thread alone opens rounds. */
  open(side: 0 | 1, numbers: readonly number[]): void {
    this.#numbers.set(numbers);
    this.#cells[SIDE] = side;
    Atomics.store(this.#cells, DONE, 0);
    Atomics.store(this.#cells, TAKEN, 0);
    Atomics.notify(this.#cells, TAKEN);
  }

  /** Computes passes until all are taken. */
  help(): void {
    const [cells, all] = [this.#cells, this.#passes.length];
    for (let taken = Atomics.load(cells, TAKEN); taken < all; taken = Atomics.load(cells, TAKEN)) {
      if (Atomics.compareExchange(cells, TAKEN, taken, taken + 1) !== taken) continue;
      this.#compute(this.#passes[taken]!);
      if (Atomics.add(cells, DONE, 1) === all - 1) Atomics.notify(cells, DONE);
    }
  }

  /** Sleeps until there are passes to take. */
  waitForRound(): void {
    Atomics.wait(this.#cells, TAKEN, this.#passes.length);
  }

  /**
   * Sleeps until all passes of the round are done. Errors: MODEL_RUN_FAILED when none is done for `patience`, ms, twice: a thread that has
   * taken one is gone, which nobody could tell this one while it sleeps. Once is no sign of it: all threads may have been stopped together.
   */
  close(patience = PATIENCE_MS): void {
    const [cells, all] = [this.#cells, this.#passes.length];
    let waits = 0;
    for (let done = Atomics.load(cells, DONE); done < all;) {
      const timedOut = Atomics.wait(cells, DONE, done, patience) === 'timed-out';
      const now = Atomics.load(cells, DONE);
      waits = timedOut && now === done ? waits + 1 : 0;
      if (waits === 2) {
        const message = `Training step: a thread that updates parameters is gone, ${done} of ${all} passes are done`;
        throw runtimeError('MODEL_RUN_FAILED', message);
      }
      done = now;
    }
  }

  #compute({ entry, bytes, addresses, numbers }: UpdatePass): void {
    const at = addresses[this.#cells[SIDE] as 0 | 1];
    this.#entries[entry]!(bytes, ...at, ...numbers.map((number) => this.#numbers[number]!));
  }
}
