export { auditSkew, profileDrift, trainModel } from '@haat/workflows';
