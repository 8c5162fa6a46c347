export * from './problem.of.facts.ts';
export * from './neighbourhood.ts';
export * from './parts.of.facts.ts';
export * from './person.days.ts';
