export { type BackupManifest } from './backup.manifest.ts';
export * from './home.backup.ts';
export * from './home.restore.ts';
