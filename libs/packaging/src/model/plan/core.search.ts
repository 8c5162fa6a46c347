import type { Chains } from './chains.ts';
import { LIMIT_TOLERANCE, type Selection } from './selection.ts';

export interface CoreResult {
  /** A better assignment than the one that was known; null when there is none. */
  readonly assignment: Uint8Array | null;
  /** False when the search met its limit of states. */
  readonly complete: boolean;
  /** Least objective that is still possible, where it is not complete. */
  readonly lowerBound: number;
}

/** A package that may replace the LP's choice: what it adds to resource (in grid units) and objective. */
interface Alternative {
  readonly package: number;
  readonly resource: number;
  readonly objective: number;
}

interface CoreProduct {
  readonly row: number;
  /** Includes the LP's choice, ascending in resource. */
  readonly choices: readonly Alternative[];
  /** How near its steepest alternative is to the LP's slope. */
  readonly nearness: number;
}

/** States after some products: deviations from the LP's choice, ascending in resource, descending in objective. */
interface Layer {
  readonly resource: Float64Array;
  readonly objective: Float64Array;
  readonly parent: Int32Array;
  readonly choice: Uint8Array;
}

const slope = ({ resource, objective }: Alternative) => objective / resource;

/** Products with an alternative whose reduced cost still allows a better plan than `best` (variable fixing by the LP bound). */
function coreProducts(chains: Chains, selection: Selection, best: number): CoreProduct[] {
  const { rows, packages, resource, objective, feasible, vertex } = chains;
  const mu = 1 / selection.criticalPrice;
  const core: CoreProduct[] = [];
  for (let row = 0; row < rows; row++) {
    const lpPackage = vertex[selection.lpVertex[row]!]!;
    const lp = row * packages + lpPackage;
    const choices: Alternative[] = [{ package: lpPackage, resource: 0, objective: 0 }];
    let nearness = Infinity;
    for (let k = 0; k < packages; k++) {
      const at = row * packages + k;
      if (feasible[at] === 0 || at === lp) continue;
      const alternative = {
        package: k,
        resource: resource[at]! - resource[lp]!,
        objective: objective[at]! - objective[lp]!,
      };
      const reduced = alternative.objective + mu * alternative.resource;
      if (selection.lowerBound + reduced >= best) continue;
      choices.push(alternative);
      nearness = Math.min(nearness, Math.abs(slope(alternative) + mu));
    }
    if (choices.length > 1) core.push({ row, choices, nearness });
  }
  return core.sort((a, b) => a.nearness - b.nearness || a.row - b.row);
}

/** A power of two that makes every sum of up to `total` a whole number of grid units below 2^51, so that sums are exact. */
function gridScale(total: number): number {
  return total > 0 && total < Infinity ? 2 ** (50 - Math.ceil(Math.log2(total))) : 1;
}

function onGrid(core: readonly CoreProduct[]): { core: CoreProduct[]; resourceScale: number; objectiveScale: number } {
  const most = (of: (alternative: Alternative) => number) =>
    core.reduce((sum, { choices }) => sum + Math.max(...choices.map((choice) => Math.abs(of(choice)))), 0);
  const resourceScale = gridScale(most((choice) => choice.resource));
  const objectiveScale = gridScale(most((choice) => choice.objective));
  const rounded = core.map((product) => ({
    ...product,
    choices: product.choices
      .map((choice) => ({
        package: choice.package,
        resource: Math.round(choice.resource * resourceScale),
        objective: Math.round(choice.objective * objectiveScale),
      }))
      .sort((a, b) => a.resource - b.resource || a.objective - b.objective),
  }));
  return { core: rounded, resourceScale, objectiveScale };
}

/** For what is left after product d: the most that objective falls, and the least that it rises, for one unit of resource. */
function remainingSlopes(core: readonly CoreProduct[]): { fall: Float64Array; rise: Float64Array } {
  const fall = new Float64Array(core.length + 1);
  const rise = new Float64Array(core.length + 1).fill(Infinity);
  for (let depth = core.length - 1; depth >= 0; depth--) {
    const { choices } = core[depth]!;
    // A step that rounds to no resource at all falls without end.
    const up = choices.filter(({ resource, objective }) => resource > 0 || (resource === 0 && objective < 0));
    const down = choices.filter(({ resource }) => resource < 0);
    fall[depth] = Math.max(fall[depth + 1]!, ...up.map((choice) => -slope(choice)));
    rise[depth] = Math.min(rise[depth + 1]!, ...down.map((choice) => -slope(choice)));
  }
  return { fall, rise };
}

/** Merges every state with every choice, drops what is dominated and what cannot beat `best()`. */
function expand(
  layer: Layer,
  choices: readonly Alternative[],
  boundOf: (resource: number, objective: number) => number,
  best: () => number,
  visit: (resource: number, objective: number, parent: number, choice: number) => void,
): void {
  const states = layer.resource.length;
  const at = new Int32Array(choices.length);
  let lowest = Infinity;
  for (;;) {
    let pick = -1;
    let resource = Infinity;
    let objective = Infinity;
    for (let c = 0; c < choices.length; c++) {
      const state = at[c]!;
      if (state === states) continue;
      const r = layer.resource[state]! + choices[c]!.resource;
      if (r > resource) continue;
      const o = layer.objective[state]! + choices[c]!.objective;
      if (r < resource || o < objective) {
        pick = c;
        resource = r;
        objective = o;
      }
    }
    if (pick < 0) return;
    const parent = at[pick]!++;
    if (objective >= lowest) continue;
    lowest = objective;
    if (boundOf(resource, objective) < best()) visit(resource, objective, parent, choices[pick]!.package);
  }
}

/**
 * Improves on a plan of objective `best`. Products are added to the core from the one whose slopes are nearest to the LP's; a
 * state is a pair of sums; those that are dominated, or that the slopes left cannot bring below the best plan, go.
 */
export function coreSearch(
  chains: Chains,
  limit: number,
  selection: Selection,
  best: number,
  maxStates: number,
): CoreResult {
  const { rows, packages, resource, objective, vertex } = chains;
  const lpPackage = Uint8Array.from(selection.lpVertex, (v) => vertex[v]!);
  let lpResource = 0;
  let lpObjective = 0;
  for (let row = 0; row < rows; row++) {
    lpResource += resource[row * packages + lpPackage[row]!]!;
    lpObjective += objective[row * packages + lpPackage[row]!]!;
  }
  const { core, resourceScale, objectiveScale } = onGrid(coreProducts(chains, selection, best));
  const slack = Math.floor((limit * (1 + LIMIT_TOLERANCE) - lpResource) * resourceScale);
  const { fall, rise } = remainingSlopes(core);
  const layers: Layer[] = [];
  let layer: Layer = {
    resource: new Float64Array(1),
    objective: new Float64Array(1),
    parent: new Int32Array(1),
    choice: new Uint8Array(1),
  };
  let states = 1;
  let bestDeviation = (best - lpObjective) * objectiveScale - Math.abs(best) * objectiveScale * LIMIT_TOLERANCE;
  let bestAt: { depth: number; state: number } | null = null;
  const boundAfter = (depth: number) => (r: number, o: number) => {
    if (r > slack) return o + rise[depth]! * (r - slack);
    if (fall[depth] === Infinity) return -Infinity;
    return o - fall[depth]! * (slack - r);
  };
  for (let depth = 0; depth < core.length && layer.resource.length > 0; depth++) {
    if (states > maxStates) {
      const bound = boundAfter(depth);
      const deviations = layer.resource.map((r, state) => bound(r, layer.objective[state]!));
      const least = deviations.reduce((lowest, value) => Math.min(lowest, value), bestDeviation);
      const lowerBound = lpObjective + least / objectiveScale;
      return { assignment: trace(layers, bestAt, core, lpPackage), complete: false, lowerBound };
    }
    const next = {
      resource: [] as number[],
      objective: [] as number[],
      parent: [] as number[],
      choice: [] as number[],
    };
    expand(
      layer,
      core[depth]!.choices,
      boundAfter(depth + 1),
      () => bestDeviation,
      (r, o, parent, choice) => {
        next.resource.push(r);
        next.objective.push(o);
        next.parent.push(parent);
        next.choice.push(choice);
        if (r <= slack && o < bestDeviation) {
          bestDeviation = o;
          bestAt = { depth, state: next.resource.length - 1 };
        }
      },
    );
    layer = {
      resource: Float64Array.from(next.resource),
      objective: Float64Array.from(next.objective),
      parent: Int32Array.from(next.parent),
      choice: Uint8Array.from(next.choice),
    };
    states += layer.resource.length;
    layers.push(layer);
  }
  return { assignment: trace(layers, bestAt, core, lpPackage), complete: true, lowerBound: -Infinity };
}

function trace(
  layers: readonly Layer[],
  at: { depth: number; state: number } | null,
  core: readonly CoreProduct[],
  lpPackage: Uint8Array,
): Uint8Array | null {
  if (!at) return null;
  const assignment = lpPackage.slice();
  let { state } = at;
  for (let depth = at.depth; depth >= 0; depth--) {
    assignment[core[depth]!.row] = layers[depth]!.choice[state]!;
    state = layers[depth]!.parent[state]!;
  }
  return assignment;
}
