import { HAAT } from '@haat/kit';
import { readFileSync } from 'node:fs';

import { Command, CommanderError } from 'commander';

import type { AddCommand } from './cli.command.ts';
import type { CliContext } from './cli.context.ts';
import { failureFace, failureText } from './error.text.ts';
import { exitStatus, type ExitStatus } from './exit.status.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Every command, in the order of the help; each is loaded when it is called, for the libraries of all of them take long to load. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  up: async () => (await import('./commands/up.command.ts')).addUp,
  down: async () => (await import('./commands/down.command.ts')).addDown,
  status: async () => (await import('./commands/status.command.ts')).addStatus,
  doctor: async () => (await import('./commands/doctor.command.ts')).addDoctor,
  reset: async () => (await import('./commands/reset.command.ts')).addReset,
  backup: async () => (await import('./commands/backup.command.ts')).addBackup,
  restore: async () => (await import('./commands/restore.command.ts')).addRestore,
  migrate: async () => (await import('./commands/migrate.command.ts')).addMigrate,
  workers: async () => (await import('./commands/workers.command.ts')).addWorkers,
  simulate: async () => (await import('./commands/simulate.command.ts')).addSimulate,
  import: async () => (await import('./commands/import.command.ts')).addImport,
  export: async () => (await import('./commands/export.command.ts')).addExport,
  train: async () => (await import('./commands/train.command.ts')).addTrain,
  infer: async () => (await import('./commands/infer.command.ts')).addInfer,
  'ingest-day': async () => (await import('./commands/ingest.day.command.ts')).addIngestDay,
  'simulate-policy': async () => (await import('./commands/simulate.policy.command.ts')).addSimulatePolicy,
  predict: async () => (await import('./commands/predict.command.ts')).addPredict,
  evaluate: async () => (await import('./commands/evaluate.command.ts')).addEvaluate,
  plan: async () => (await import('./commands/plan.command.ts')).addPlan,
  risk: async () => (await import('./commands/risk.command.ts')).addRisk,
  models: async () => (await import('./commands/models.command.ts')).addModels,
  backfill: async () => (await import('./commands/backfill.command.ts')).addBackfill,
  runs: async () => (await import('./commands/runs.command.ts')).addRuns,
  predictions: async () => (await import('./commands/predictions.command.ts')).addPredictions,
  records: async () => (await import('./commands/records.command.ts')).addRecords,
  skew: async () => (await import('./commands/skew.command.ts')).addSkew,
  drift: async () => (await import('./commands/drift.command.ts')).addDrift,
  audit: async () => (await import('./commands/audit.command.ts')).addAudit,
  keys: async () => (await import('./commands/keys.command.ts')).addKeys,
  schedules: async () => (await import('./commands/schedules.command.ts')).addSchedules,
  'explain-graph': async () => (await import('./commands/explain.graph.command.ts')).addExplainGraph,
  schema: async () => (await import('./commands/schema.command.ts')).addSchema,
};

/** The program with the command that `args` calls; with all commands when they call none, as for the help. */
async function cliProgram([called = '']: readonly string[], context: CliContext): Promise<Command> {
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
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 done, with some bad rows, 4 done, and the model did not
pass its gates.
First steps:
  ${HAAT} up --demo           # start everything, with a demo world and a trained model
  ${HAAT} help predict        # any command, with examples`,
    );
  const load = Object.hasOwn(commands, called) ? [commands[called]!] : Object.values(commands);
  for (const add of await Promise.all(load.map((one) => one()))) add(program, context);
  return program;
}

/** Runs one command line (without `node haat`) and returns its exit status. Never throws. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitStatus> {
  try {
    const program = await cliProgram(args, context);
    await program.parseAsync(args, { from: 'user' });
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
