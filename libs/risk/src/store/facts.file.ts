import { open, type FileHandle } from 'node:fs/promises';

import { riskRecordError, type Beginning, type RiskFacts } from '../contract/index.ts';
import { contactBytes, contactTypes, FileContacts } from './file.contacts.ts';

type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;
type ColumnType = new (buffer: ArrayBuffer) => Column;

const testTypes = { person: Uint32Array, day: Uint8Array, kind: Uint8Array, positive: Uint8Array } as const;
const initialTypes = { person: Uint32Array, state: Uint8Array, age: Uint8Array, probability: Float64Array } as const;
const symptomTypes = { person: Uint32Array, day: Uint8Array } as const;

/** The first line of a file, as JSON: what follows, in bytes and rows. */
interface Header {
  readonly format: 'haat-risk-facts-1';
  readonly firstDay: string;
  readonly days: number;
  readonly persons: number;
  /** Bytes of the pseudonyms, a line each. */
  readonly ids: number;
  readonly contacts: readonly number[];
  readonly tests: number;
  readonly symptoms: number;
  /** Of a run that goes on from another one: its chains, and rows of initial states; null: nothing is known. */
  readonly beginning?: Pick<Beginning, 'run' | 'turn' | 'partial'> & {
    readonly chains: number;
    readonly initial: number | null;
  };
}

/**
 * Writes facts to a file: a line of JSON, the pseudonyms, then the columns one after the other, in the byte order of this machine
 * (little-endian). The same facts give the same bytes. Answers the rows of all tables.
 */
export async function writeFacts(file: string, facts: RiskFacts): Promise<{ readonly rows: number }> {
  const { firstDay, days, persons, contacts, tests, symptoms, beginning } = facts;
  const ids = Buffer.from(persons.id.join('\n'));
  const header: Header = {
    format: 'haat-risk-facts-1',
    firstDay,
    days,
    persons: persons.id.length,
    ids: ids.length,
    contacts: Array.from(contacts, ({ rows }) => rows),
    tests: tests.rows,
    symptoms: symptoms.rows,
    ...(beginning && {
      beginning: {
        run: beginning.run,
        turn: beginning.turn,
        partial: beginning.partial,
        chains: beginning.trajectories.length,
        initial: beginning.initial?.rows ?? null,
      },
    }),
  };
  const others: readonly Column[] = [
    ...columnsOf(testTypes, tests),
    ...columnsOf(symptomTypes, symptoms),
    ...(beginning ? [beginning.role, ...beginning.trajectories] : []),
    ...(beginning?.initial ? columnsOf(initialTypes, beginning.initial) : []),
  ];
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(`${JSON.stringify(header)}\n`);
    await handle.writeFile(ids);
    await write(handle, [persons.region, persons.reports]);
    for (const piece of contacts) await write(handle, columnsOf(contactTypes, piece));
    await write(handle, others);
  } finally {
    await handle.close();
  }
  const met = header.contacts.reduce((sum, rows) => sum + rows, 0);
  return { rows: persons.id.length + met + tests.rows + symptoms.rows };
}

async function write(handle: FileHandle, columns: readonly Column[]): Promise<void> {
  for (const column of columns) {
    await handle.writeFile(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
}

/**
 * Reads what `writeFacts` wrote: contacts from the file each time that they are gone through, everything else at once. The file has to stay where it is.
 * Errors: INVALID_RISK_RECORD where the file is none.
 */
export async function readFacts(file: string): Promise<RiskFacts> {
  const handle = await open(file, 'r');
  try {
    const reader = new Reader(handle, file);
    const header = await reader.header();
    const { firstDay, days, persons, ids, contacts, tests, symptoms } = header;
    const names = Buffer.from(await reader.bytes(ids)).toString('utf8');
    const region = (await reader.column(Uint16Array, persons)) as Uint16Array;
    const reports = (await reader.column(Uint8Array, persons)) as Uint8Array;
    const met = new FileContacts(file, await reader.skip(contactBytes(contacts)), contacts);
    return {
      firstDay,
      days,
      persons: { id: names === '' ? [] : names.split('\n'), region, reports },
      contacts: met,
      tests: { rows: tests, ...(await reader.table(testTypes, tests)) },
      symptoms: { rows: symptoms, ...(await reader.table(symptomTypes, symptoms)) },
      ...(header.beginning && { beginning: await beginningOf(reader, header.beginning, persons) }),
    };
  } finally {
    await handle.close();
  }
}

async function beginningOf(
  reader: Reader,
  { run, turn, partial, chains, initial: rows }: NonNullable<Header['beginning']>,
  persons: number,
): Promise<Beginning> {
  const role = (await reader.column(Uint8Array, persons)) as Uint8Array;
  const trajectories: Uint8Array[] = [];
  for (let chain = 0; chain < chains; chain++) trajectories.push(await reader.column(Uint8Array, 4 * persons));
  const initial = rows === null ? null : { rows, ...(await reader.table(initialTypes, rows)) };
  return { run, turn, partial, role, trajectories, initial };
}

function columnsOf<T extends Readonly<Record<string, ColumnType>>>(
  names: T,
  table: Readonly<Record<keyof T, Column>>,
): Column[] {
  return Object.keys(names).map((name) => table[name]!);
}

/** Bytes of a header at the most: a number for each piece of a million contacts. */
const HEADER_BYTES = 65_536;

class Reader {
  #at = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly file: string,
  ) {}

  async header(): Promise<Header> {
    const { buffer, bytesRead } = await this.handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    const end = buffer.subarray(0, bytesRead).indexOf('\n');
    if (end < 0) throw this.#refusal('a line of JSON first');
    this.#at = end + 1;
    let header: Partial<Header> = {};
    try {
      header = JSON.parse(buffer.toString('utf8', 0, end)) as Partial<Header>;
    } catch {
      throw this.#refusal('a line of JSON first');
    }
    if (header.format !== 'haat-risk-facts-1') throw this.#refusal('the format haat-risk-facts-1');
    return header as Header;
  }

  /** Passes over bytes that are there. Answers where they begin. */
  async skip(length: number): Promise<number> {
    const begin = this.#at;
    this.#at += length;
    if ((await this.handle.stat()).size < this.#at) throw this.#refusal(`${length} bytes at ${begin}`);
    return begin;
  }

  async bytes(length: number): Promise<ArrayBuffer> {
    const into = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.handle.read(into, done, Math.min(length - done, 2 ** 30), this.#at + done);
      if (bytesRead === 0) throw this.#refusal(`${length} bytes at ${this.#at}`);
      done += bytesRead;
    }
    this.#at += length;
    return into.buffer;
  }

  async column<T extends ColumnType>(type: T, rows: number): Promise<InstanceType<T>> {
    const bytes = (type as unknown as { readonly BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
    return new type(await this.bytes(rows * bytes)) as InstanceType<T>;
  }

  async table<T extends Readonly<Record<string, ColumnType>>>(
    names: T,
    rows: number,
  ): Promise<{ readonly [K in keyof T]: InstanceType<T[K]> }> {
    const read: [string, Column][] = [];
    for (const [name, type] of Object.entries(names)) read.push([name, await this.column(type, rows)]);
    return Object.fromEntries(read) as { readonly [K in keyof T]: InstanceType<T[K]> };
  }

  #refusal(expected: string): Error {
    return riskRecordError('INVALID_RISK_RECORD', `${this.file} holds no facts of risk: expected ${expected}`, {
      field: 'file',
      expected,
    });
  }
}
