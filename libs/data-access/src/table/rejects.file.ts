import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { csvValue } from './csv.splitter.ts';
import type { SourceRecord } from './source.record.ts';
import type { RejectedRow } from './table.definition.ts';

/** Columns before the source's own; an import leaves them out, so that a mended file can be imported as it is. */
export const rejectColumns = ['reject_file', 'reject_line', 'reject_column', 'reject_reason'] as const;

/** A CSV file of refused records with the reasons. It is there only once it is finished, and only when something was refused. */
export class RejectsFile {
  #stream: WriteStream | null = null;

  constructor(
    readonly file: string,
    private readonly header: readonly string[],
  ) {}

  async write(refused: readonly { source: SourceRecord; rejected: RejectedRow }[]): Promise<void> {
    if (refused.length === 0) return;
    const stream = this.#stream ?? (await this.#open());
    const text = refused.map(({ source, rejected }) => this.#line(source, rejected)).join('');
    if (!stream.write(text)) await once(stream, 'drain');
  }

  /** Answers the file's name; null when nothing was refused. */
  async finish(): Promise<string | null> {
    if (this.#stream === null) return null;
    await this.#close();
    await rename(this.#unfinished, this.file);
    return this.file;
  }

  async abandon(): Promise<void> {
    if (this.#stream === null) return;
    await this.#close();
    await rm(this.#unfinished, { force: true });
  }

  get #unfinished(): string {
    return `${this.file}.unfinished`;
  }

  async #open(): Promise<WriteStream> {
    await mkdir(dirname(this.file), { recursive: true });
    const stream = createWriteStream(this.#unfinished);
    await once(stream, 'open');
    const own = this.header.filter((name) => !(rejectColumns as readonly string[]).includes(name));
    stream.write(`${[...rejectColumns, ...own].map(csvValue).join(',')}\n`);
    this.#stream = stream;
    return stream;
  }

  #line({ fields, raw }: SourceRecord, { file, line, column, reason }: RejectedRow): string {
    const place = [file, String(line), column ?? '', reason].map(csvValue).join(',');
    if (raw !== undefined) return `${place},${raw}\n`;
    const own = fields.filter((_, i) => !(rejectColumns as readonly string[]).includes(this.header[i] ?? ''));
    return `${place},${own.map((value) => csvValue(value ?? '')).join(',')}\n`;
  }

  async #close(): Promise<void> {
    const stream = this.#stream!;
    stream.end();
    await once(stream, 'close');
  }
}
