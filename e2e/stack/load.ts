/** What requests came to that clients sent one after the other. */
export interface LoadReport {
  readonly answered: number;
  /** Requests without the answer asked for, with what came instead. */
  readonly failed: readonly string[];
}

/** Lets `clients` ask all the time, each one request after the other, until the returned function ends it. */
export function startLoad(clients: number, ask: () => Promise<unknown>): () => Promise<LoadReport> {
  let going = true;
  let answered = 0;
  const failed: string[] = [];
  const client = async () => {
    while (going) {
      try {
        await ask();
        answered += 1;
      } catch (failure) {
        const { message, cause } = failure as { message: string; cause?: { message?: string; code?: string } };
        failed.push([message, cause?.code, cause?.message].filter(Boolean).join(': '));
      }
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return async () => {
    going = false;
    await all;
    return { answered, failed };
  };
}
