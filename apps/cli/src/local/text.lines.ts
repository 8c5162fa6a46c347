import { cliError } from '../cli.errors.ts';

/**
 * The lines of UTF-8 text, without their ends (LF or CRLF) and without a byte order mark; text after the last end is a line,
 * nothing after it is none.
 * @throws FILE_UNUSABLE where the bytes are compressed or not UTF-8
 */
export async function* linesOf(stream: AsyncIterable<Uint8Array | string>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let open = '';
  let count = 0;
  let first = true;
  const decode = (chunk?: Uint8Array) => {
    if (first && chunk?.[0] === 0x1f && chunk[1] === 0x8b) {
      throw cliError('FILE_UNUSABLE', `${name} is compressed by gzip: unpack it first`);
    }
    first = false;
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw cliError('FILE_UNUSABLE', `${name} is not UTF-8 text, seen after line ${count}`, { line: count }, cause);
    }
  };
  for await (const chunk of stream) {
    const lines = (open + (typeof chunk === 'string' ? chunk : decode(chunk))).split('\n');
    open = lines.pop()!;
    for (const line of lines) {
      count++;
      yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
  }
  open += decode();
  if (open !== '') yield open;
}
