import type { AmountOrShare, LimitRequest, PackagingFrontier, PackagingPlan } from '@haat/packaging/serving';

import {
  addCommand,
  withGateway,
  withLocal,
  wholeNumber,
  type AddCommand,
  type CommonOptions,
} from '../cli.command.ts';
import { gatewayOf, outputOf, tellRejects, type CliContext } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { askFrontier, askPlan } from '../gateway/plan.queries.ts';
import { frontierOnFiles, planOnFiles, type LocalPlanInput } from '../domains/packaging/local.plan.ts';
import { momentOf } from '../local/local.training.ts';
import { amountOrShare } from '../local/money.limit.ts';
import { writeNamed } from '../local/named.files.ts';
import type { Output } from '../output/output.ts';
import {
  frontierText,
  planText,
  SHOWN,
  type FrontierReport,
  type PlanChange,
  type PlanReport,
} from '../output/plan.text.ts';
import type { Rejects } from '../output/rejects.text.ts';

interface PlanOptions extends CommonOptions {
  readonly local?: boolean;
  readonly model?: string;
  readonly data?: string;
  readonly mapping?: string;
  readonly asOf?: string;
  readonly budget?: AmountOrShare;
  readonly damageTarget?: AmountOrShare;
  readonly frontier?: number;
  readonly changes?: string;
}

export const addPlan: AddCommand = (program, context) => {
  const command = withGateway(
    addCommand(program, {
      usage: 'plan',
      summary: 'choose a package for every product within a limit',
      description:
        'Least damage within a shipping budget, or least shipping within a damage target, with a certificate of how far it can be from the best plan. A share is of what the current packages cost. --frontier prints the whole trade-off instead.',
      examples: [
        ['plan --budget 95%', 'the products of the platform'],
        [
          'plan --local --model damage.onnx --data world --budget 95% --changes changes.jsonl',
          'products of files, nothing running',
        ],
        ['plan --damage-target 250000', 'least shipping for at most 2.5 lakh INR of damage a month'],
        ['plan --frontier 10', 'what each rupee of shipping buys'],
      ],
    }),
  );
  withLocal(command, 'plan from an artifact and files, with nothing running', [
    ['--model <artifact>', 'the artifact file'],
    ['--data <dir>', 'folder with products and package-types'],
    ['--mapping <file>', 'JSON that names the columns and units of the files'],
    ['--as-of <time>', 'bound of event time, ISO 8601; default: now'],
  ])
    .option('--budget <amount>', 'shipping a month: a share of today (95%) or INR', amountOrShare)
    .option('--damage-target <amount>', 'damage a month: a share of today (80%) or INR', amountOrShare)
    .option('--frontier <points>', 'print this many plans from the cheapest to the safest', wholeNumber(2, 1_000))
    .option('--changes <file>', 'write the changes as JSON lines, ranked by saving (- is standard output)')
    .action(async (options: PlanOptions) => {
      const output = outputOf(context, options);
      const gateway = options.local ? null : gatewayOf(context, options);
      const limit = limitOf(options);
      if ('frontier' in limit) {
        if (gateway !== null) return output.result(await askFrontier(gateway, limit.frontier), frontierText);
        const { planned, ...rejects } = await frontierOnFiles(localInput(options), limit.frontier);
        output.result({ ...frontierReport(planned), ...rejects }, frontierText);
        return tellRejects(context, output, rejects);
      }
      const report =
        gateway === null
          ? await localPlan(context, output, localInput(options), limit)
          : await askPlan(gateway, limit, output.json || options.changes !== undefined ? Infinity : SHOWN);
      if (options.changes === '-') {
        context.stdout.write(jsonLines(report.changes));
        return output.note(planText({ ...report, changes: [] }, 'standard output'));
      }
      if (options.changes !== undefined)
        await writeNamed('file of changes', options.changes, jsonLines(report.changes));
      output.result(report, (value) => planText(value, options.changes));
    });
};

function limitOf({ budget, damageTarget, frontier }: PlanOptions): LimitRequest | { readonly frontier: number } {
  const said = [
    ...(budget === undefined ? [] : [{ budget }]),
    ...(damageTarget === undefined ? [] : [{ damageTarget }]),
    ...(frontier === undefined ? [] : [{ frontier }]),
  ];
  if (said.length === 1) return said[0]!;
  throw cliError('USAGE', 'plan takes one of --budget AMOUNT, --damage-target AMOUNT and --frontier N');
}

/** The plan of files; the rows that it is without are told. */
async function localPlan(
  context: CliContext,
  output: Output,
  input: LocalPlanInput,
  limit: LimitRequest,
): Promise<PlanReport & Rejects> {
  const { planned, ...rejects } = await planOnFiles(input, limit);
  tellRejects(context, output, rejects);
  return { ...planReport(planned), ...rejects };
}

function localInput({ model, data, mapping, asOf }: PlanOptions): LocalPlanInput {
  if (model === undefined || data === undefined) {
    throw cliError('USAGE', 'plan --local needs an artifact and files: --model ARTIFACT --data DIR');
  }
  return { model, data, mapping, asOf: momentOf(asOf) };
}

function planReport(plan: PackagingPlan): PlanReport {
  const { ref, asOf, products, leftOut, today, changes, objective, method, lowerBound, gap, lambda } = plan;
  return {
    model: ref,
    asOf: asOf.toISOString(),
    summary: {
      products,
      changed: changes.length,
      leftOut: leftOut.length,
      assumed: today.assumed,
      shippingCost: { today: today.shipping, planned: plan.shipping },
      damageCost: { today: today.damage, planned: plan.damage },
    },
    certificate: { objective, method, lowerBound, gap, lambda: Number.isFinite(lambda) ? lambda : null },
    changes,
  };
}

function frontierReport({ ref, asOf, products, today, points }: PackagingFrontier): FrontierReport {
  const { shipping, damage } = today;
  return { model: ref, asOf: asOf.toISOString(), products, today: { shipping, damage }, points };
}

function jsonLines(changes: readonly PlanChange[]): string {
  return changes
    .map(
      ({ productId, from, to, shippingChange, damageChange, saving }) =>
        `${JSON.stringify({ product_id: productId, from, to, shipping_change_inr: shippingChange, damage_change_inr: damageChange, saving_inr: saving })}\n`,
    )
    .join('');
}
