/** How a subscription is ended from outside; `signal` is aborted when it has ended in whatever way. */
export class Ending {
  readonly #aborting = new AbortController();
  #failure: Error | undefined;

  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  /** Ends it; with a failure, that is the last that its reader gets. Once: what comes later changes nothing. */
  end(failure?: Error): void {
    if (!this.signal.aborted) this.#failure = failure;
    this.#aborting.abort();
  }

  /** What the reader has not been told yet. */
  takeFailure(): Error | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }
}

/** The same values, until they end, fail, are left, or `ending` ends them; then the source is left. `onValue` hears of each. */
export function endedBy<T>(ending: Ending, values: AsyncIterable<T>, onValue: () => void): AsyncIterableIterator<T> {
  const source = values[Symbol.asyncIterator]();
  const over: IteratorReturnResult<undefined> = { done: true, value: undefined };
  let wake = () => {};
  const leave = () => {
    void Promise.resolve(source.return?.()).catch(() => undefined);
    wake();
  };
  if (ending.signal.aborted) leave();
  else ending.signal.addEventListener('abort', leave, { once: true });
  const nextOrEnd = () =>
    new Promise<IteratorResult<T>>((resolve, reject) => {
      wake = () => resolve(over);
      source.next().then(resolve, reject);
    });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const result = ending.signal.aborted ? over : await nextOrEnd();
        if (!ending.signal.aborted && !result.done) {
          onValue();
          return result;
        }
      } catch (failure) {
        ending.end();
        throw failure;
      }
      ending.end();
      const failure = ending.takeFailure();
      if (failure !== undefined) throw failure;
      return over;
    },
    return() {
      ending.end();
      return Promise.resolve(over);
    },
  };
}
