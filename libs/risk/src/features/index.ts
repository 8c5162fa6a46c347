export * from './problem.of.facts.ts';
