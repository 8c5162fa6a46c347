import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';

/** A log that has grown beyond this many bytes is put aside. */
const LOG_BYTES = 16 * 1024 ** 2;
/** Logs put aside that are kept: `FILE.1` is the newest. */
const LOGS_KEPT = 5;

/** Where a process writes: its log holds what the processes before it wrote, too. */
export interface OpenLog {
  readonly descriptor: number;
  /** Bytes that were there before. */
  readonly start: number;
}

/** Opens a log for a new process, which goes on where the one before ended. */
export function openLog(file: string): OpenLog {
  rotateLog(file);
  const descriptor = openSync(file, 'a');
  return { descriptor, start: fstatSync(descriptor).size };
}

/**
 * Puts a log that has grown beyond `bytes` aside as `FILE.1`, what stood there as `FILE.2`, and so on up to `kept`. Whoever
 * has it open for appending writes on in the same file, which is emptied; a line written between copy and emptying is lost.
 */
export function rotateLog(file: string, bytes = LOG_BYTES, kept = LOGS_KEPT): void {
  if (!existsSync(file) || statSync(file).size <= bytes) return;
  const aside = (n: number) => `${file}.${n}`;
  rmSync(aside(kept), { force: true });
  for (let n = kept - 1; n > 0; n--) if (existsSync(aside(n))) renameSync(aside(n), aside(n + 1));
  copyFileSync(file, aside(1));
  truncateSync(file);
}

/** The last `lines` lines of a log from byte `start` on, from at most its last 64 KiB; empty when there is no such file. */
export function tailOf(file: string, lines = 20, start = 0): string[] {
  if (!existsSync(file)) return [];
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(start > size ? size : size - start, 65_536));
    readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8').trimEnd().split('\n').filter(Boolean).slice(-lines);
  } finally {
    closeSync(descriptor);
  }
}
