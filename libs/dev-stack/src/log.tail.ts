import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync } from 'node:fs';

/** Opens a log file for a new process; the one of the process before it is kept as `FILE.previous`. */
export function openLog(file: string): number {
  if (existsSync(file)) renameSync(file, `${file}.previous`);
  return openSync(file, 'a');
}

/** The last `lines` lines of a log, from at most its last 64 KiB; empty when there is no such file. */
export function tailOf(file: string, lines = 20): string[] {
  if (!existsSync(file)) return [];
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, 65_536));
    readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8').trimEnd().split('\n').filter(Boolean).slice(-lines);
  } finally {
    closeSync(descriptor);
  }
}
