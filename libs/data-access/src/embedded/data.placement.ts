import { chmodSync, chownSync, cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { dataFolder, removeData } from './server.folders.ts';
import { serverUser, type ServerUser } from './server.user.ts';

/**
 * Makes `from`, a copy of a server's data, the data of `directory`, in place of what is there, and gives it to the user that the
 * server runs as. The server must be stopped. May be called again after it was interrupted, as long as `from` is there.
 * @throws POSTGRES_USER_MISSING, POSTGRES_FOLDER_CLOSED
 */
export function placeData(directory: string, from: string, log: (line: string) => void): void {
  const user = serverUser();
  removeData(directory);
  const target = dataFolder(directory, user, log);
  giveTo(user, from);
  if (target === resolve(directory)) {
    rmSync(target, { recursive: true, force: true });
    renameSync(from, target);
  } else {
    cpSync(from, target, { recursive: true });
    giveTo(user, target);
    // Gone in one step: a half removed copy must not be taken for one when this is called again.
    const placed = `${from}.placed`;
    rmSync(placed, { recursive: true, force: true });
    renameSync(from, placed);
    rmSync(placed, { recursive: true });
  }
}

/** Files and folders for the server's user alone, which the server insists on. */
function giveTo(user: ServerUser, folder: string): void {
  const give = (path: string, mode: number) => {
    chmodSync(path, mode);
    if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
  };
  if (!existsSync(folder)) return;
  give(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    give(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
  }
}
