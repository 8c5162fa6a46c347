import type { ModelRef } from '@haat/kit';

import { pairs, percent, rupees, table } from './table.ts';

/** Money a month, today and as planned. */
export interface BeforeAfter {
  readonly today: number;
  readonly planned: number;
}

export interface PlanSummary {
  readonly products: number;
  readonly changed: number;
  /** Products that no package takes: they are in no plan. */
  readonly leftOut: number;
  /** Products without a recorded package, for which the one of least total cost was taken as today's. */
  readonly assumed: number;
  readonly shippingCost: BeforeAfter;
  readonly damageCost: BeforeAfter;
}

/** How good the plan is: no plan within the same limit has an objective below `lowerBound`. */
export interface PlanCertificate {
  readonly objective: 'damage' | 'shipping';
  readonly method: string;
  readonly lowerBound: number;
  /** Share of the objective, in [0, 1]. */
  readonly gap: number;
  /** INR of shipping for the next INR of damage saved; null where nothing is left to save. */
  readonly lambda: number | null;
}

export interface PlanChange {
  readonly productId: string;
  readonly from: string | null;
  readonly to: string;
  readonly shippingChange: number;
  readonly damageChange: number;
  readonly saving: number;
}

export interface PlanReport {
  readonly model: ModelRef;
  readonly asOf: string;
  readonly summary: PlanSummary;
  readonly certificate: PlanCertificate;
  readonly changes: readonly PlanChange[];
}

/** Changes that a person is shown without asking for the file. */
export const SHOWN = 10;

export function planText({ model, summary, certificate, changes }: PlanReport, file: string | undefined): string {
  const { shippingCost, damageCost } = summary;
  const facts = pairs({
    model: `${model.model}${model.version > 0 ? `@${model.version}` : ''} (${model.digest.slice(0, 12)})`,
    products: `${summary.products}${summary.leftOut > 0 ? `, ${summary.leftOut} more fit no package` : ''}`,
    changed: summary.changed,
    'shipping a month': beforeAfter(shippingCost),
    'damage a month': beforeAfter(damageCost),
    certificate: `${certificate.method}; no plan within the limit has less ${certificate.objective} than ${rupees(certificate.lowerBound)}: gap ${percent(certificate.gap, 4)}`,
  });
  const shown = changes.slice(0, SHOWN);
  const top = table(shown, {
    product: ({ productId }) => productId,
    from: ({ from }) => from,
    to: ({ to }) => to,
    'shipping INR': ({ shippingChange }) => Math.round(shippingChange),
    'damage INR': ({ damageChange }) => Math.round(damageChange),
    'saving INR': ({ saving }) => Math.round(saving),
  });
  const rest =
    file !== undefined
      ? `All ${summary.changed} changes: ${file}`
      : summary.changed > SHOWN
        ? `${summary.changed - SHOWN} more; all of them with: --changes FILE`
        : '';
  return [facts, '', top, rest].filter((part, i) => part !== '' || i === 1).join('\n');
}

export interface FrontierReport {
  readonly model: ModelRef;
  readonly asOf: string;
  readonly products: number;
  readonly today: { readonly shipping: number; readonly damage: number };
  readonly points: readonly { readonly shipping: number; readonly damage: number; readonly lambda: number | null }[];
}

export function frontierText({ today, points }: FrontierReport): string {
  const rows = points.map(({ shipping, damage, lambda }) => ({
    shipping,
    damage,
    lambda,
    share: shipping / today.shipping,
  }));
  return [
    table(rows, {
      'shipping INR a month': ({ shipping }) => Math.round(shipping),
      'of today': ({ share }) => percent(share, 1),
      'damage INR a month': ({ damage }) => Math.round(damage),
      'INR shipping for 1 INR damage': ({ lambda }) => (lambda === null ? null : Number(lambda.toPrecision(4))),
    }),
    '',
    `Today: ${rupees(today.shipping)} shipping, ${rupees(today.damage)} damage a month.`,
  ].join('\n');
}

function beforeAfter({ today, planned }: BeforeAfter): string {
  const change = today === 0 ? '' : ` (${planned >= today ? '+' : ''}${percent(planned / today - 1)})`;
  return `${rupees(today)} today, ${rupees(planned)} planned${change}`;
}
