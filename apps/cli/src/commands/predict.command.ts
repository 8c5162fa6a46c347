import { HAAT } from '@haat/kit';
import { once } from 'node:events';

import { parseProductTraits, type ProductTraits } from '@haat/packaging/contract';
import { traitFacts } from '@haat/packaging/model';
import { scoreDamage, unanswerableProduct, type ServedModel } from '@haat/packaging/serving';

import { addCommand, withGateway, withLocal, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { gatewayOf, outputOf, type CliContext } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { exitStatus } from '../exit.status.ts';
import { askPredictions, parseProductId } from '../gateway/prediction.queries.ts';
import { predictLines, type PredictedLines } from '../local/jsonl.predictor.ts';
import { openDamageModel, requireLocalModel } from '../local/local.model.ts';
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
      description: `Reads one JSON object a line and writes one a line, in the same order, its id echoed. A bad row gives {"id", "error": {"code", "message", "field"}} in its place, and the exit code 3 says that there were some. With --local the rows are raw products (${HAAT} schema packaging/damage says their fields) and an artifact file answers; otherwise the rows name products of the platform, {"id": "p000001"}, and the promoted version answers through the gateway.`,
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
        : await write(context, predictLines(lines, gatewayPredictor(context, model, options)));
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
  requireLocalModel(name);
  if (model === undefined) {
    throw cliError('USAGE', 'predict --local needs the artifact to answer from: --model ARTIFACT');
  }
  const served = await openDamageModel(model);
  try {
    return await write(context, predictLines(lines, { parse: parseProductTraits, predict: damagePredictor(served) }));
  } finally {
    await served.close();
  }
}

/** Rows to `{ packages [K], probability [K] }`, in catalogue order. */
function damagePredictor(served: ServedModel) {
  const packages = served.open.metadata.context.catalogue.types.map(({ code }) => code);
  return async (rows: readonly ProductTraits[]) => {
    const probability = await scoreDamage(served, traitFacts(rows));
    return rows.map((_, i) => {
      const answer = [...probability.subarray(i * packages.length, (i + 1) * packages.length)];
      return answer.some(Number.isNaN) ? unanswerableProduct(null) : { packages, probability: answer };
    });
  };
}

function gatewayPredictor(context: CliContext, model: string, options: PredictOptions) {
  requireLocalModel(model);
  const gateway = gatewayOf(context, options);
  return { parse: parseProductId, predict: (ids: readonly string[]) => askPredictions(gateway, ids) };
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
