import { HAAT } from '@haat/kit';
import { once } from 'node:events';

import { addCommand, withGateway, withLocal, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf, type CliContext } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { exitStatus } from '../exit.status.ts';
import { modelTools } from '../domains/domain.table.ts';
import { predictLines, type PredictedLines } from '../local/jsonl.predictor.ts';
import { openLocalModel } from '../local/local.model.ts';
import { piecesOf } from '../local/named.files.ts';
import { linesOf } from '../local/text.lines.ts';

interface PredictOptions extends CommonOptions {
  readonly local?: boolean;
  readonly model?: string;
  readonly input?: string;
}

export const addPredict: AddCommand = (program, context) => {
  const command = withGateway(
    addCommand(program, {
      usage: 'predict <model>',
      json: 'say nothing on stderr but errors, as JSON; the answers are JSON lines anyway',
      summary: 'answer JSON lines with predictions, in order',
      description: `Reads one JSON object a line and writes one a line, in the same order, its id echoed. A bad row gives {"id", "error": {"code", "message", "field"}} in its place, and the exit code 3 says that there were some. With --local the rows are raw inputs (${HAAT} schema MODEL says their fields) and an artifact file answers; otherwise they name what the platform knows, {"id": "p000001"}, and the promoted version answers through the gateway.`,
      examples: [
        [
          'predict packaging/damage --local --model damage.onnx < in.jsonl > out.jsonl',
          'raw products, nothing running',
        ],
        ['predict packaging/damage < ids.jsonl > out.jsonl', 'products of the platform, recorded'],
      ],
    }),
  );
  withLocal(command, 'answer from an artifact file, with nothing running', [
    ['--model <artifact>', 'the artifact file'],
  ])
    .option('--input <file>', 'read this file instead of standard input')
    .action(async (model: string, options: PredictOptions) => {
      const name = options.input ?? 'standard input';
      const lines = linesOf(options.input === undefined ? context.stdin : piecesOf('input', options.input), name);
      const totals = options.local
        ? await predictLocally(context, model, options, lines)
        : await write(context, predictLines(lines, (await modelTools(model)).asking(gatewayOf(context, options))));
      if (totals.bad > 0) context.exit = exitStatus.someBadRows;
      outputOf(context, options).note(`${totals.good} answered${totals.bad > 0 ? `, ${totals.bad} bad rows` : ''}`);
    });
};

async function predictLocally(
  context: CliContext,
  name: string,
  { model }: PredictOptions,
  lines: AsyncIterable<string>,
): Promise<Totals> {
  const tools = await modelTools(name);
  if (model === undefined) {
    throw cliError('USAGE', 'predict --local needs the artifact to answer from: --model ARTIFACT');
  }
  const served = await openLocalModel(tools, model);
  try {
    return await write(context, predictLines(lines, tools.answering(served)));
  } finally {
    await served.open.close();
  }
}

interface Totals {
  readonly good: number;
  readonly bad: number;
}

/** Writes as fast as the reader takes it. */
async function write({ stdout }: CliContext, parts: AsyncIterable<PredictedLines>): Promise<Totals> {
  let [good, bad] = [0, 0];
  for await (const part of parts) {
    good += part.good;
    bad += part.bad;
    if (!stdout.write(part.text)) await once(stdout, 'drain');
  }
  return { good, bad };
}
