import {
  heldModel,
  PackagingPlanner,
  type LimitRequest,
  type PackagingFrontier,
  type PackagingPlan,
} from '@haat/packaging/serving';

import { filesOf } from './local.files.ts';
import { openDamageModel } from './local.model.ts';

export interface LocalPlanInput {
  readonly model: string;
  readonly data: string;
  readonly mapping?: string;
  readonly asOf: Date;
}

/** A plan for the products of a folder of files, by the planner that the platform serves. */
export function planOnFiles(input: LocalPlanInput, limit: LimitRequest): Promise<PackagingPlan> {
  return withPlanner(input, (planner) => planner.plan(limit, input.asOf));
}

export function frontierOnFiles(input: LocalPlanInput, points: number): Promise<PackagingFrontier> {
  return withPlanner(input, (planner) => planner.frontier(points, input.asOf));
}

async function withPlanner<T>(
  { model, data, mapping }: LocalPlanInput,
  work: (planner: PackagingPlanner) => Promise<T>,
): Promise<T> {
  const source = await filesOf(data, mapping);
  const served = await openDamageModel(model);
  try {
    return await work(new PackagingPlanner(heldModel(served), source));
  } finally {
    await served.close();
  }
}
