export * from './damage.encode.ts';
export * from './damage.explanation.ts';
export * from './damage.graph.ts';
export * from './damage.logits.ts';
export * from './damage.model.ts';
export * from './damage.parameters.ts';
export * from './design.terms.ts';
export * from './plan/index.ts';
