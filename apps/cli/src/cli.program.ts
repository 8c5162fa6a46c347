import { HAAT } from '@haat/kit';
import { readFileSync } from 'node:fs';

import { Command, CommanderError } from 'commander';

import type { AddCommand } from './cli.command.ts';
import type { CliContext } from './cli.context.ts';
import { addAudit } from './commands/audit.command.ts';
import { addBackup } from './commands/backup.command.ts';
import { addDoctor } from './commands/doctor.command.ts';
import { addBackfill } from './commands/backfill.command.ts';
import { addDown } from './commands/down.command.ts';
import { addDrift } from './commands/drift.command.ts';
import { addEvaluate } from './commands/evaluate.command.ts';
import { addExport } from './commands/export.command.ts';
import { addImport } from './commands/import.command.ts';
import { addMigrate } from './commands/migrate.command.ts';
import { addKeys } from './commands/keys.command.ts';
import { addModels } from './commands/models.command.ts';
import { addPlan } from './commands/plan.command.ts';
import { addPredict } from './commands/predict.command.ts';
import { addPredictions } from './commands/predictions.command.ts';
import { addRecords } from './commands/records.command.ts';
import { addReset } from './commands/reset.command.ts';
import { addRestore } from './commands/restore.command.ts';
import { addRuns } from './commands/runs.command.ts';
import { addSchedules } from './commands/schedules.command.ts';
import { addSchema } from './commands/schema.command.ts';
import { addSimulate } from './commands/simulate.command.ts';
import { addSkew } from './commands/skew.command.ts';
import { addStatus } from './commands/status.command.ts';
import { addTrain } from './commands/train.command.ts';
import { addUp } from './commands/up.command.ts';
import { addWorkers } from './commands/workers.command.ts';
import { failureFace, failureText } from './error.text.ts';
import { exitStatus, type ExitStatus } from './exit.status.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Every command, in the order of the help. */
const commands: readonly AddCommand[] = [
  addUp,
  addDown,
  addStatus,
  addDoctor,
  addReset,
  addBackup,
  addRestore,
  addMigrate,
  addWorkers,
  addSimulate,
  addImport,
  addExport,
  addTrain,
  addPredict,
  addEvaluate,
  addPlan,
  addModels,
  addBackfill,
  addRuns,
  addPredictions,
  addRecords,
  addSkew,
  addDrift,
  addAudit,
  addKeys,
  addSchedules,
  addSchema,
];

export function cliProgram(context: CliContext): Command {
  const program = new Command(HAAT)
    .description('Haat: the machine-learning platform of an Indian marketplace')
    .version(version, '--version', 'print the version')
    .usage('<command> [options]')
    .helpCommand('help [command]', 'show what a command does, with examples')
    .showSuggestionAfterError()
    .showHelpAfterError('(more with --help)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
    })
    .addHelpText(
      'after',
      `
HAAT_TOKEN: a token or API key for the gateway (default: one of the stack that runs here).
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 done, with some bad rows.
First steps:
  ${HAAT} up --demo           # start everything, with a demo world and a trained model
  ${HAAT} help predict        # any command, with examples`,
    );
  for (const add of commands) add(program, context);
  return program;
}

/** Runs one command line (without `node haat`) and returns its exit status. Never throws. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitStatus> {
  try {
    await cliProgram(context).parseAsync(args, { from: 'user' });
    return context.exit;
  } catch (thrown) {
    // Commander has said what is wrong already; help and version end by it too, with exit code 0.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
    const face = failureFace(thrown);
    const said = args.includes('--json')
      ? JSON.stringify({ error: face }, null, 2)
      : failureText(thrown, Boolean(context.env.HAAT_DEBUG));
    context.stderr.write(`${said}\n`);
    return face.code === 'USAGE' ? exitStatus.usage : exitStatus.failed;
  }
}
