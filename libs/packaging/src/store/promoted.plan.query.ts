import type { Bounds } from '@haat/data-access';

/** The id of the plan that was in force within the bounds: the one promoted last. */
export const promotedPlanQuery = ({ asOf, revision }: Bounds): string => `
  select plan_id from packaging.plan_promotion promotion
  where promoted_at <= ${asOf} and promotion.revision <= ${revision}
  order by promoted_at desc, promotion.revision desc limit 1`;
