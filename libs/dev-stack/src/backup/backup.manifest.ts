import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { digestOfFile, type StoredContent } from '@haat/data-access';
import { z } from 'zod';

import { devStackError } from '../dev-stack.errors.ts';

const FILE = 'manifest.json';
const SEAL = 'manifest.sha256';

const schema = z.object({
  /** Form of the backup; another one is refused. */
  form: z.literal(1),
  endedAt: z.iso.datetime(),
  codeRevision: z.string().nullable(),
  postgres: z.object({ startLsn: z.string(), stopLsn: z.string(), endedAt: z.string(), serverVersion: z.string() }),
  /** Each file's path from the backup's folder. */
  files: z.record(z.string(), z.object({ digest: z.string(), bytes: z.int().min(0) })),
  /** Folders that are empty. */
  folders: z.array(z.string()),
});

/** What a backup is and holds, file by file. */
export type BackupManifest = z.output<typeof schema>;

/** Takes stock of a finished backup's files and writes the manifest, and its own digest beside it. */
export async function writeManifest(
  folder: string,
  facts: Omit<BackupManifest, 'form' | 'files' | 'folders'>,
): Promise<BackupManifest> {
  const { files, folders } = await contentsOf(folder);
  const digests: Record<string, StoredContent> = {};
  for (const path of files) digests[path] = await digestOfFile(join(folder, path));
  const manifest: BackupManifest = { form: 1, ...facts, files: digests, folders };
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await writeFile(join(folder, FILE), text, { mode: 0o600 });
  await writeFile(join(folder, SEAL), `${sealOf(text)}\n`, { mode: 0o600 });
  return manifest;
}

/**
 * Reads a backup's manifest and every file that it names. Writes nothing.
 * @throws BACKUP_UNUSABLE naming the first file that is missing, changed, or too many.
 */
export async function verifyBackup(folder: string): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  const { files } = await contentsOf(folder);
  const unknown = files.find((path) => !(path in manifest.files) && path !== FILE && path !== SEAL);
  if (unknown !== undefined) throw unusable(folder, `its manifest does not know the file ${unknown}`);
  const known = Object.entries(manifest.files);
  for (const [path, { bytes }] of known) {
    const there = await stat(join(folder, path)).catch(() => null);
    if (there === null) throw unusable(folder, `the file ${path} is missing`);
    if (there.size !== bytes) throw unusable(folder, `the file ${path} has ${there.size} bytes, and had ${bytes}`);
  }
  for (const [path, { digest }] of known) {
    if ((await digestOfFile(join(folder, path))).digest !== digest)
      throw unusable(folder, `the file ${path} is damaged`);
  }
  return manifest;
}

async function readManifest(folder: string): Promise<BackupManifest> {
  const [text, seal] = await Promise.all(
    [FILE, SEAL].map((name) =>
      readFile(join(folder, name), 'utf8').catch((cause: NodeJS.ErrnoException) => {
        throw unusable(folder, `${name} cannot be read (${cause.code})`);
      }),
    ),
  );
  if (`${sealOf(text!)}\n` !== seal) throw unusable(folder, `${FILE} is damaged`);
  const read = schema.safeParse(JSON.parse(text!));
  if (!read.success) throw unusable(folder, `${FILE} is of another form`);
  return read.data;
}

async function contentsOf(folder: string): Promise<{ files: string[]; folders: string[] }> {
  const found = { files: [] as string[], folders: [] as string[] };
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    const isFolder = (await stat(join(folder, path))).isDirectory();
    if (!isFolder) found.files.push(path);
    else if ((await readdir(join(folder, path))).length === 0) found.folders.push(path);
  }
  return found;
}

const sealOf = (text: string) => createHash('sha256').update(text).digest('hex');

export const unusable = (folder: string, why: string) =>
  devStackError('BACKUP_UNUSABLE', `The backup ${folder} cannot be used: ${why}. Nothing was changed.`, { folder });
