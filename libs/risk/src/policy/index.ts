export { DailyChain } from './daily.chain.ts';
export { observedProblem, withoutReports } from './inference.policies.ts';
export * from './policy.errors.ts';
export * from './policy.experiment.ts';
export * from './policy.run.ts';
export * from './policy.summary.ts';
export { simulatePolicies, type SimulatePoliciesOptions } from './simulate.policies.ts';
