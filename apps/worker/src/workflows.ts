export { trainModel } from '@haat/workflows';
