/** The folder of this package's sources, as stack traces name it. */
const own = new URL('..', import.meta.url).pathname;

/** Gives `error` a stack that begins on the line outside of this package that led to it: the line that wrote the operator. */
export function blameCaller(error: Error, callee: (...given: readonly never[]) => unknown): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  Error.captureStackTrace(error, callee);
  Error.stackTraceLimit = limit;
  const [frames, message] = split(error);
  const first = frames.findIndex((frame) => !frame.includes('<anonymous>') && !isOwn(frame));
  error.stack = [message, ...frames.slice(Math.max(first, 0), Math.max(first, 0) + limit)].join('\n');
}

function isOwn(frame: string): boolean {
  return frame.includes(own) && !frame.includes('.spec.');
}

function split({ stack = '', name, message }: Error): [frames: string[], message: string] {
  const lines = stack.split('\n');
  const first = lines.findIndex((line) => /^\s+at /.test(line));
  return first < 0 ? [[], stack || `${name}: ${message}`] : [lines.slice(first), lines.slice(0, first).join('\n')];
}
