import type { SourceRecord } from './source.record.ts';

/** Characters that a record may have; a quote that is not closed by then is a broken one. */
const LONGEST_RECORD = 1 << 20;

interface Parsed {
  readonly fields: string[];
  /** Where the next record begins. */
  readonly next: number;
}

/**
 * Splits comma-separated text (RFC 4180; lines end in LF or CRLF) that arrives in pieces. A record may span lines inside
 * quotes. Where quoting is broken, only the physical line on which the record begins is given up, and reading goes on with
 * the next line: one lost quote does not swallow the rows after it.
 */
export class CsvSplitter {
  #text = '';
  #at = 0;
  #line = 1;
  /** The next quote at or after `#at`; -1: none in the text at hand. */
  #quote = -1;

  /** `width`: values that a record must have; null accepts any number, for a header. */
  constructor(private width: number | null = null) {}

  expect(width: number): void {
    this.width = width;
  }

  push(text: string): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    this.#quote = this.#text.indexOf('"');
  }

  /** The next record; null when more text is needed or, with `final`, when there is no more. Empty lines are skipped. */
  next(final: boolean): SourceRecord | null {
    for (;;) {
      const from = this.#at;
      if (from >= this.#text.length) return null;
      const newline = this.#text.indexOf('\n', from);
      if (newline === -1 && !final) return null;
      const end = newline === -1 ? this.#text.length : newline;
      const next = newline === -1 ? end : newline + 1;
      if (this.#quote !== -1 && this.#quote < from) this.#quote = this.#text.indexOf('"', from);
      const contentEnd = end > from && this.#text.charCodeAt(end - 1) === 13 ? end - 1 : end;
      if (contentEnd === from) {
        this.#advance(next, 1);
        continue;
      }
      if (this.#quote === -1 || this.#quote >= end) {
        const record = this.#checked(this.#text.slice(from, contentEnd).split(','));
        this.#advance(next, 1);
        return record;
      }
      const parsed = this.#quoted(from, final);
      if (parsed === 'more') return null;
      const lines = typeof parsed === 'string' ? 1 : this.#linesBetween(from, parsed.next);
      if (typeof parsed !== 'string' && (lines === 1 || parsed.fields.length === this.width || this.width === null)) {
        const record = this.#checked(parsed.fields);
        this.#advance(parsed.next, lines);
        return record;
      }
      const problem = typeof parsed === 'string' ? parsed : this.#countProblem(parsed.fields);
      const raw = this.#text.slice(from, contentEnd);
      const record = { line: this.#line, fields: raw.split(','), problem, raw };
      this.#advance(next, 1);
      return record;
    }
  }

  #checked(fields: string[]): SourceRecord {
    if (this.width === null || fields.length === this.width) return { line: this.#line, fields };
    return { line: this.#line, fields, problem: this.#countProblem(fields) };
  }

  #countProblem(fields: readonly string[]): string {
    return `expected ${this.width} values, got ${fields.length}`;
  }

  #advance(next: number, lines: number): void {
    this.#at = next;
    this.#line += lines;
  }

  #linesBetween(from: number, to: number): number {
    let lines = 0;
    for (let i = this.#text.indexOf('\n', from); i !== -1 && i < to; i = this.#text.indexOf('\n', i + 1)) lines += 1;
    return Math.max(lines, 1);
  }

  /** A record with quotes that begins at `from`; a sentence says what is wrong with it. */
  #quoted(from: number, final: boolean): Parsed | 'more' | string {
    const text = this.#text;
    const fields: string[] = [];
    let at = from;
    for (;;) {
      let end: number;
      if (text.charCodeAt(at) === 34) {
        let close = text.indexOf('"', at + 1);
        while (close !== -1 && text.charCodeAt(close + 1) === 34) close = text.indexOf('"', close + 2);
        const tooLong = (close === -1 ? text.length : close) - from > LONGEST_RECORD;
        if (tooLong || (close === -1 && final))
          return `the quote that opens value ${fields.length + 1} is never closed`;
        if (close === -1 || (close + 2 >= text.length && !final)) return 'more';
        fields.push(text.slice(at + 1, close).replaceAll('""', '"'));
        end = close + 1;
        if (text.charCodeAt(end) === 13 && (text.charCodeAt(end + 1) === 10 || end + 1 === text.length)) end += 1;
        if (end < text.length && text.charCodeAt(end) !== 44 && text.charCodeAt(end) !== 10) {
          return `value ${fields.length} goes on after its closing quote`;
        }
      } else {
        const newline = text.indexOf('\n', at);
        const lineEnd = newline === -1 ? text.length : newline;
        if (newline === -1 && !final) return 'more';
        const comma = text.indexOf(',', at);
        end = comma === -1 || comma > lineEnd ? lineEnd : comma;
        const carriage = end === lineEnd && end > at && text.charCodeAt(end - 1) === 13;
        const value = text.slice(at, carriage ? end - 1 : end);
        if (value.includes('"')) return `value ${fields.length + 1} holds a quote but does not begin with one`;
        fields.push(value);
      }
      if (end >= text.length) return { fields, next: text.length };
      if (text.charCodeAt(end) === 10) return { fields, next: end + 1 };
      at = end + 1;
    }
  }
}

/** One value as CSV: quoted where it has to be. */
export function csvValue(value: string): string {
  return /[",\r\n]/.test(value) || value !== value.trim() ? `"${value.replaceAll('"', '""')}"` : value;
}
