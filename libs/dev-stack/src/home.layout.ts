import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { devStackError } from './dev-stack.errors.ts';

/** Bytes that must be free before a first start: database, artifacts, logs and Temporal's history with room to work. */
const ROOM_NEEDED = 1024 ** 3;

/** Where one Haat keeps its state. All paths are absolute. */
export interface Home {
  readonly root: string;
  readonly postgres: string;
  readonly temporalDb: string;
  readonly artifacts: string;
  readonly logs: string;
  /** Files of the demo world while they are loaded. */
  readonly demoWorld: string;
  /** Says which demo world the database holds. */
  readonly demoFile: string;
  /** Ports, processes and addresses of the running stack. */
  readonly stateFile: string;
  /** Generated passwords, mode 0600. */
  readonly secretsFile: string;
  readonly lockFile: string;
}

export function homeAt(path: string): Home {
  const root = resolve(path);
  return {
    root,
    postgres: join(root, 'postgres'),
    temporalDb: join(root, 'temporal.db'),
    artifacts: join(root, 'artifacts'),
    logs: join(root, 'logs'),
    demoWorld: join(root, 'demo-world'),
    demoFile: join(root, 'demo.json'),
    stateFile: join(root, 'stack.json'),
    secretsFile: join(root, 'secrets.json'),
    lockFile: join(root, 'lock'),
  };
}

/**
 * Makes the folders of `home`, for nobody else to read, and checks that they can be written and that the file system has at least `room` bytes left.
 * @throws HOME_UNUSABLE, DISK_FULL
 */
export async function prepareHome(home: Home, room = ROOM_NEEDED): Promise<void> {
  // Of root's home the database's own user has to find its folder in it.
  const ours = process.getuid?.() === 0 ? 0o711 : 0o700;
  try {
    for (const folder of [home.root, home.artifacts, home.logs]) {
      await mkdir(folder, { recursive: true, mode: ours });
      await access(folder, constants.W_OK | constants.X_OK);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') throw diskFull(home, 0, room);
    throw devStackError(
      'HOME_UNUSABLE',
      `The state folder ${home.root} cannot be made or written (${(cause as Error).message}). Name another one with --home DIR or HAAT_HOME.`,
      { home: home.root },
      cause,
    );
  }
  const { bavail, bsize } = await statfs(home.root);
  if (bavail * bsize < room) throw diskFull(home, bavail * bsize, room);
}

function diskFull(home: Home, free: number, room: number) {
  const mebibytes = (bytes: number) => `${Math.floor(bytes / 1024 ** 2)} MiB`;
  return devStackError(
    'DISK_FULL',
    `The disk of ${home.root} has ${mebibytes(free)} free, and Haat needs ${mebibytes(room)}. Make room, or name a folder on another disk with --home DIR or HAAT_HOME.`,
    { home: home.root, freeBytes: free, neededBytes: room },
  );
}
