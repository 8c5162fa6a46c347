export * from './train.contract.ts';
