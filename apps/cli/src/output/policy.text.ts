import type { PolicyMean, PolicyReport } from '../domains/domain.tools.ts';
import { table } from './table.ts';

/** What policies come to, and by how much they differ from the first one. */
export function policyText({ policies, from, differences }: PolicyReport): string {
  const all = table(policies, {
    policy: ({ policy }) => policy,
    seeds: ({ seeds }) => seeds,
    infected: ({ infected }) => shares(infected),
    'days apart': ({ quarantineDays }) => counts(quarantineDays),
    tests: ({ tests }) => counts(tests),
  });
  if (differences.length === 0) return all;
  const less = table(differences, {
    [`less "${from}"`]: ({ policy }) => policy,
    seeds: ({ seeds }) => seeds,
    infected: ({ infected }) => shares(infected),
    'days apart': ({ quarantineDays }) => counts(quarantineDays),
  });
  return `${all}\n\n${less}`;
}

const shares = ({ mean, halfWidth }: PolicyMean) => `${(mean * 100).toFixed(2)} %${margin(halfWidth * 100, 2)}`;
const counts = ({ mean, halfWidth }: PolicyMean) => `${mean.toFixed(0)}${margin(halfWidth, 0)}`;
const margin = (halfWidth: number, digits: number) => (halfWidth === Infinity ? '' : ` ± ${halfWidth.toFixed(digits)}`);
