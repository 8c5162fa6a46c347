import { dataAccessError } from '../data-access.errors.ts';
import type { SourceRecord, SourceRecords } from './source.record.ts';
import { textPieces } from './text.pieces.ts';

/** Objects that are looked at to know the columns. */
const HEADER_OBJECTS = 100;

/** One JSON object a line; the columns are the keys of the first hundred. @throws FILE_EMPTY, FILE_FORMAT, FILE_ENCODING */
export async function openJsonLines(file: string): Promise<SourceRecords> {
  const header = await headerOf(file);
  return {
    header,
    async *batches() {
      for await (const { lines, bytesRead } of linesOf(file)) {
        yield { records: lines.map(({ line, text }) => recordOf(line, text, header)), bytesRead };
      }
    },
  };
}

interface Line {
  readonly line: number;
  readonly text: string;
}

async function* linesOf(file: string): AsyncGenerator<{ lines: Line[]; bytesRead: number }> {
  let rest = '';
  let line = 1;
  let bytesRead = 0;
  const numbered = (texts: readonly string[]) =>
    texts.map((text) => ({ line: line++, text })).filter(({ text }) => text.trim() !== '');
  for await (const piece of textPieces(file)) {
    ({ bytesRead } = piece);
    const texts = (rest + piece.text).split('\n');
    rest = texts.pop()!;
    yield { lines: numbered(texts), bytesRead };
  }
  yield { lines: numbered([rest]), bytesRead };
}

async function headerOf(file: string): Promise<readonly string[]> {
  const names = new Set<string>();
  let seen = 0;
  for await (const { lines } of linesOf(file)) {
    for (const { line, text } of lines) {
      const object = objectOf(text);
      if (typeof object === 'string' && seen === 0) {
        throw dataAccessError(
          'FILE_FORMAT',
          `${file} is not what its name says: expected one JSON object a line, and line ${line} ${object}`,
          { file, line },
        );
      }
      if (typeof object !== 'string') Object.keys(object).forEach((name) => names.add(name));
      if (++seen === HEADER_OBJECTS) return [...names];
    }
  }
  if (seen === 0) throw dataAccessError('FILE_EMPTY', `${file} is empty: expected one JSON object a line`, { file });
  return [...names];
}

function recordOf(line: number, text: string, header: readonly string[]): SourceRecord {
  const object = objectOf(text);
  if (typeof object === 'string') return { line, fields: [text], problem: `the line ${object}` };
  return { line, fields: header.map((name) => textOf(object[name])) };
}

/** The object, or what the line does instead of holding one. */
function objectOf(text: string): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `is not JSON (${(error as Error).message})`;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return 'holds no JSON object';
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
