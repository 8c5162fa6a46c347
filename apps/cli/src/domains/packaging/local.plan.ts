import {
  heldModel,
  PackagingPlanner,
  type LimitRequest,
  type PackagingFrontier,
  type PackagingPlan,
} from '@haat/packaging/serving';

import type { Rejects } from '../../output/rejects.text.ts';
import { openLocalModel } from '../../local/local.model.ts';
import { damageTools } from './damage.tools.ts';

export interface LocalPlanInput {
  readonly model: string;
  readonly data: string;
  readonly mapping?: string;
  readonly asOf: Date;
}

/** What was planned, and the bad rows that it is without. */
export interface Planned<T> extends Rejects {
  readonly planned: T;
}

/** A plan for the products of a folder of files, by the planner that the platform serves. */
export function planOnFiles(input: LocalPlanInput, limit: LimitRequest): Promise<Planned<PackagingPlan>> {
  return withPlanner(input, (planner) => planner.plan(limit, input.asOf));
}

export function frontierOnFiles(input: LocalPlanInput, points: number): Promise<Planned<PackagingFrontier>> {
  return withPlanner(input, (planner) => planner.frontier(points, input.asOf));
}

async function withPlanner<T>(
  { model, data, mapping, asOf }: LocalPlanInput,
  work: (planner: PackagingPlanner) => Promise<T>,
): Promise<Planned<T>> {
  const source = await damageTools.source(data, mapping);
  const served = await openLocalModel(damageTools, model);
  try {
    await damageTools.requireFit({ file: model, open: served.open }, { data, source }, asOf);
    const planned = await work(new PackagingPlanner(heldModel(served), source));
    return { planned, rejected: source.rejected, rejects: source.rejects };
  } finally {
    await served.open.close();
  }
}
