import { HAAT } from '@haat/kit';
import { Command, InvalidArgumentError, Option } from 'commander';

import type { CliContext, CommonOptions } from './cli.context.ts';
import { cliError } from './cli.errors.ts';

/** One command as the help shows it. */
export interface CommandFace {
  /** Name and arguments, for example `import <domain> <source>`. */
  readonly usage: string;
  readonly summary: string;
  /** What `--json` does, where it does another thing than for most commands. */
  readonly json?: string;
  readonly description: string;
  /** Command lines without the leading `npx haat`, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
}

/** What a file of `commands/` exports: adds its command to the program. */
export type AddCommand = (program: Command, context: CliContext) => void;

/** A command with the face given, `--json`, and its examples in the help. */
export function addCommand(program: Command, face: CommandFace): Command {
  const width = Math.max(...face.examples.map(([line]) => line.length));
  const examples = face.examples.map(([line, does]) =>
    width > 60 ? `  # ${does}\n  ${HAAT} ${line}` : `  ${HAAT} ${line.padEnd(width)}  # ${does}`,
  );
  return program
    .command(face.usage)
    .summary(face.summary)
    .description(face.description)
    .option('--json', face.json ?? 'print the result as one JSON document')
    .addHelpText('after', `\nExamples:\n${examples.join('\n')}`);
}

/** `--home DIR`, for what works on a stack's state folder. */
export function withHome(command: Command): Command {
  return command.option('--home <dir>', 'state folder (default: HAAT_HOME, else .haat in the checkout)');
}

/** `--url URL` and `--home DIR`, for what asks the gateway. */
export function withGateway(command: Command): Command {
  return withHome(command).option('--url <url>', 'gateway (default: HAAT_URL, else the stack that runs)');
}

/** Flags and description of one option. */
type OptionFace = readonly [flags: string, description: string];

/** `--local`, and the options that mean something on files only: named without it they are refused. */
export function withLocal(command: Command, description: string, onFiles: readonly OptionFace[]): Command {
  return optionsWith(command.option('--local', description), 'local', onFiles);
}

/** Options that mean something beside `--<needed>` only: named without it they are refused. Throws USAGE. */
export function optionsWith(command: Command, needed: string, faces: readonly OptionFace[]): Command {
  const options = faces.map(([flags, description]) => new Option(flags, `${description} (with --${needed})`));
  for (const option of options) command.addOption(option);
  return command.hook('preAction', (_, action) => {
    if (action.getOptionValue(needed) !== undefined) return;
    const alone = options.find((option) => action.getOptionValue(option.attributeName()) !== undefined);
    if (!alone) return;
    throw cliError('USAGE', `${alone.long} means something together with --${needed} only. Name both, or neither`);
  });
}

/** The options of a command below another one, with those that were given to that one. */
export function optionsOf(command: Command): CommonOptions {
  return command.optsWithGlobals<CommonOptions>();
}

export type { CommonOptions };

/** Parser of a whole number from `low` to `high`, for an option or argument. */
export function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(
      `expected a whole number from ${low}${high === Number.MAX_SAFE_INTEGER ? '' : ` to ${high}`}`,
    );
  };
}
