import cliProgress from 'cli-progress';

/** Where a command shows how far it is. */
export interface Progress {
  /** `fraction` in [0, 1], or null where it is not known. */
  update(fraction: number | null, message?: string): void;
  done(message?: string): void;
}

/** A stream of text; `isTTY` is true where a person watches. */
export type TextStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Seconds between two plain lines of progress. */
const PLAIN_LINE_SECONDS = 5;

/**
 * What a command says. Results go to stdout: text for people, or one JSON document with `--json`. Progress and remarks go to
 * stderr: bars on a terminal, plain lines otherwise, nothing with `--json`.
 */
export class Output {
  constructor(
    readonly json: boolean,
    readonly stdout: TextStream = process.stdout,
    readonly stderr: TextStream = process.stderr,
  ) {}

  /** The outcome of the command: `value` as JSON, or what `text` makes of it. */
  result<T>(value: T, text: (value: T) => string): void {
    const said = this.json ? JSON.stringify(value, null, 2) : text(value);
    this.stdout.write(said.endsWith('\n') ? said : `${said}\n`);
  }

  /** One of many outcomes, as they come: a line of JSON with `--json`. */
  line<T>(value: T, text: (value: T) => string): void {
    this.stdout.write(`${this.json ? JSON.stringify(value) : text(value)}\n`);
  }

  /** A remark for people. */
  note(text: string): void {
    if (!this.json) this.stderr.write(`${text}\n`);
  }

  /** A part of the outcome for people, shown before the outcome is complete. */
  text(text: string): void {
    if (!this.json) this.stdout.write(`${text}\n`);
  }

  progress(title: string): Progress {
    if (this.json) return { update: () => undefined, done: () => undefined };
    return this.stderr.isTTY ? bar(title, this.stderr) : plainProgress(title, (line) => this.note(line));
  }
}

function bar(title: string, stream: TextStream): Progress {
  const single = new cliProgress.SingleBar(
    {
      format: '{title} {bar} {percentage}% {message}',
      barsize: 30,
      hideCursor: true,
      clearOnComplete: false,
      stream: stream as NodeJS.WriteStream,
      autopadding: true,
    },
    cliProgress.Presets.shades_classic,
  );
  single.start(1, 0, { title, message: '' });
  return {
    update: (fraction, message = '') => single.update(fraction ?? 0, { title, message }),
    done: (message = '') => {
      single.update(1, { title, message });
      single.stop();
    },
  };
}

function plainProgress(title: string, line: (text: string) => void): Progress {
  let last = Date.now();
  return {
    update(fraction, message = '') {
      if (Date.now() - last < PLAIN_LINE_SECONDS * 1000) return;
      last = Date.now();
      const share = fraction === null ? '' : ` ${Math.floor(fraction * 100)}%`;
      line(`${title}${share}${message && ` ${message}`}`);
    },
    done: (message = '') => line(`${title} done${message && `: ${message}`}`),
  };
}
