import { HAAT } from '@haat/kit';
import { Option, type Command } from 'commander';

import { withGateway } from '../cli.command.ts';
import { gatewayOf, outputOf, type CliContext, type CommonOptions } from '../cli.context.ts';
import type { GatewayClient } from '../gateway/gateway.client.ts';
import { completed, hasEnded, type Run } from '../gateway/run.queries.ts';
import { watchRun } from '../gateway/run.watch.ts';
import { runDetails, runText } from '../output/run.text.ts';

/** Options of every command that starts a run; see `withRun`. */
export interface RunOptions extends CommonOptions {
  readonly wait: boolean;
  readonly key?: string;
}

/** What is particular about the run of a command. */
export interface Following {
  /** Stands beside the progress; the run's id otherwise. */
  readonly title?: string;
  /** Tells the result of a run that completed; its details otherwise. */
  readonly tell?: (run: Run, gateway: GatewayClient) => Promise<void> | void;
}

/** `--url`, `--home`, `--no-wait` and `--key`, for what starts a run; the last two mean nothing beside `--local`. */
export function withRun(command: Command): Command {
  return withGateway(command)
    .addOption(new Option('--no-wait', 'start the run and return').conflicts('local'))
    .addOption(new Option('--key <text>', 'says that a repeat of an identical run is wanted').conflicts('local'));
}

/**
 * Starts a run, or finds the one of the same wish, says which, and watches it to its end; with `--no-wait` the run as it was started is the
 * result.
 * @throws RUN_FAILED unless it completed, and what `start` throws
 */
export async function followedRun(
  context: CliContext,
  options: RunOptions,
  start: (gateway: GatewayClient) => Promise<Run>,
  following: Following = {},
): Promise<void> {
  const output = outputOf(context, options);
  const started = await start(gatewayOf(context, options));
  if (!options.wait) return output.result(started, startedText);
  output.note(startedText(started));
  await watchedRun(context, options, started.id, following);
}

/** Watches a run to its end, and tells what came of it. @throws UNKNOWN_RUN, RUN_FAILED unless it completed */
export async function watchedRun(
  context: CliContext,
  options: CommonOptions,
  id: string,
  { title = id, tell }: Following = {},
): Promise<void> {
  const output = outputOf(context, options);
  const gateway = gatewayOf(context, options);
  const progress = output.progress(title);
  const run = await watchRun(gateway, id, (look) => progress.update(look.progress?.fraction ?? null, runText(look)));
  progress.done(run.state);
  if (tell) return tell(completed(run), gateway);
  output.result(completed(run), runDetails);
}

function startedText(run: Run): string {
  const { id, state, version } = run;
  if (hasEnded(run)) {
    return `Run ${id} with this wish has ended already (${state}${version ? `: ${version.id}` : ''}); nothing was started anew. --key TEXT says that a repeat is wanted.`;
  }
  return `Run ${id}. Watch it with: ${HAAT} runs watch ${id}`;
}
