import { errorsOf, type ErrorTable } from '@haat/kit';

/** What can go wrong in starting and stopping Haat on one machine. Printed to `docs/errors.md`. */
export const devStackErrors = {
  /** Another program listens on a port that Haat wants. */
  PORT_TAKEN: 'caller',
  /** A port is not a whole number in the range that leaves room for all services. */
  INVALID_PORT: 'caller',
  /** Another `npx haat up` runs on the same state folder. */
  ALREADY_RUNNING: 'caller',
  /** The state folder cannot be made or written. */
  HOME_UNUSABLE: 'caller',
  /** The file system of the state folder has no room left. */
  DISK_FULL: 'caller',
  /** A file of the state folder is not what Haat writes. */
  STATE_UNREADABLE: 'caller',
  /** A program that a service needs is not installed. */
  BINARY_MISSING: 'caller',
  /** A service stopped, or did not become ready in time. */
  SERVICE_FAILED: 'fault',
  /** The folder for a backup is there and not empty, or lies in the state folder itself. */
  BACKUP_TARGET_TAKEN: 'caller',
  /** A backup is damaged, incomplete, or of another form. */
  BACKUP_UNUSABLE: 'caller',
  /** There is state where a backup shall be restored. */
  HOME_NOT_EMPTY: 'caller',
} as const satisfies ErrorTable;

export const devStackError = errorsOf(devStackErrors);
