import { createReadStream } from 'node:fs';

import { dataAccessError } from '../data-access.errors.ts';

/** Small, so that what a batch of records leaves behind is young garbage, which costs next to nothing. */
const PIECE_BYTES = 1 << 17;

/**
 * A file's text in pieces, without a byte order mark, with the number of bytes read so far.
 * @throws FILE_ENCODING where the bytes are not UTF-8 or hold a NUL, with the offset of the piece.
 */
export async function* textPieces(file: string): AsyncGenerator<{ text: string; bytesRead: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytesRead = 0;
  for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    const from = bytesRead;
    bytesRead += piece.length;
    yield { text: decoded(() => decoder.decode(piece, { stream: true }), file, from, piece), bytesRead };
  }
  const rest = decoded(() => decoder.decode(), file, bytesRead);
  if (rest !== '') yield { text: rest, bytesRead };
}

/** Reads a text file through. @throws FILE_ENCODING */
export async function requireUtf8(file: string): Promise<void> {
  for await (const piece of textPieces(file)) void piece;
}

function decoded(decode: () => string, file: string, from: number, piece?: Buffer): string {
  const utf16 = from === 0 && piece !== undefined && /^(\xff\xfe|\xfe\xff)/.test(piece.toString('latin1', 0, 2));
  if (utf16) throw notUtf8(file, from, 'UTF-16');
  try {
    const text = decode();
    if (!text.includes('\0')) return text;
  } catch (cause) {
    throw notUtf8(file, from, 'bytes that are not UTF-8', cause);
  }
  throw notUtf8(file, from, 'a NUL character');
}

function notUtf8(file: string, from: number, got: string, cause?: unknown) {
  return dataAccessError(
    'FILE_ENCODING',
    `${file}: expected text in UTF-8, got ${got} at or after byte ${from}. Save the file as UTF-8.`,
    { file, offset: from },
    cause,
  );
}
