import { closeSync, openSync, readSync } from 'node:fs';

import { riskRecordError, type ContactColumns } from '../contract/index.ts';

/** Columns of contacts as they lie in a file, one after the other in each piece. */
export const contactTypes = {
  from: Uint32Array,
  to: Uint32Array,
  day: Uint8Array,
  channel: Uint8Array,
  count: Uint16Array,
  mutual: Uint8Array,
} as const;

const rowBytes = Object.values(contactTypes).reduce((sum, type) => sum + type.BYTES_PER_ELEMENT, 0);

/** Bytes of pieces of so many rows. */
export const contactBytes = (pieces: readonly number[]) => pieces.reduce((sum, rows) => sum + rows * rowBytes, 0);

/** Contacts that stay in a file: each time that they are gone through, one piece after the other is read. */
export class FileContacts implements Iterable<ContactColumns> {
  readonly #file: string;
  readonly #begin: number;
  readonly #pieces: readonly number[];

  /**
   * @param begin bytes before the first piece
   * @param pieces rows of each
   */
  constructor(file: string, begin: number, pieces: readonly number[]) {
    this.#file = file;
    this.#begin = begin;
    this.#pieces = pieces;
  }

  /** @throws INVALID_RISK_RECORD where the file has become shorter */
  *[Symbol.iterator](): Iterator<ContactColumns> {
    const descriptor = openSync(this.#file, 'r');
    try {
      let at = this.#begin;
      for (const rows of this.#pieces) {
        const columns = Object.entries(contactTypes).map(([name, type]) => {
          const into = new Uint8Array(rows * type.BYTES_PER_ELEMENT);
          this.#fill(descriptor, into, at);
          at += into.length;
          return [name, new type(into.buffer)];
        });
        yield { rows, ...(Object.fromEntries(columns) as Omit<ContactColumns, 'rows'>) };
      }
    } finally {
      closeSync(descriptor);
    }
  }

  #fill(descriptor: number, into: Uint8Array, at: number): void {
    for (let done = 0; done < into.length;) {
      const read = readSync(descriptor, into, done, into.length - done, at + done);
      if (read === 0) {
        const expected = `${into.length} bytes at ${at}`;
        throw riskRecordError('INVALID_RISK_RECORD', `A file holds no facts of risk: expected ${expected}`, {
          field: 'file',
          expected,
        });
      }
      done += read;
    }
  }
}
