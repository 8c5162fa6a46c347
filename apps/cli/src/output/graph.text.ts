import type { ExplainedOperator, ExplainedStep } from '@haat/onnx';

import { percent, table } from './table.ts';

/** Operators below this part of the flops that had no other form to choose from are told in one line. */
const LEAST_SHARE = 0.001;

export interface ExplainedGraph extends ExplainedStep {
  readonly network: string;
  readonly rows: number;
  readonly block: number;
}

export function graphText(all: boolean): (explained: ExplainedGraph) => string {
  return ({ network, rows, block, operators, flops, kept, updated }) => {
    const shown = operators.filter((each) => all || each.share >= LEAST_SHARE || isFast(each));
    const left = operators.length - shown.length;
    const kernels = block === 0 ? 'no kernels beyond the standard' : `blocked layout of ${block} channels`;
    return [
      `${network}, ${rows} rows a step, ${(flops / 1e9).toFixed(3)} GFLOP; ${kernels}`,
      '',
      table(shown, {
        operator: ({ operator }) => operator,
        shapes: ({ shapes }) => shapes,
        flops: ({ share }) => percent(share, 1),
        form: ({ form }) => form,
        because: because,
      }),
      '',
      ...(left > 0 ? [`${left} more operators as they are (--all shows them)`] : []),
      `Update: a kernel beside the graph writes ${updated.tensors} of ${kept.tensors} tensors (${updated.elements} of ${kept.elements} numbers) in ${updated.calls} calls`,
    ].join('\n');
  };
}

function isFast({ form, chosen }: ExplainedOperator): boolean {
  return chosen && form !== 'as it is';
}

/** Why none of the forms before it. */
function because({ chosen, passed }: ExplainedOperator): string {
  if (!chosen) return 'there is no other form';
  if (passed.length === 0) return 'it is the fastest';
  return passed.map(({ form, why }) => `no ${form}: ${why}`).join('; ');
}
