export * from './hostile.drive.ts';
export { hostileKinds, hostileRequest } from './hostile.requests.ts';
