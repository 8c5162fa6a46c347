import { randomBytes } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isDomainError } from '@haat/kit';

import { contentStore } from '../content/store.address.ts';

/** Entry of a process whose one argument is a disk of 1 MiB: fills it through a store, makes room, and writes what came of it. */
const disk = process.argv[2]!;
const store = contentStore(join(disk, 'store'));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'stored',
    (thrown: unknown) => (isDomainError(thrown) ? `${thrown.code}: ${thrown.message}` : String(thrown)),
  );
const filesIn = async () =>
  (await readdir(disk, { recursive: true })).filter((name) => /[0-9a-f]{64}/.test(name)).length;

const kept = randomBytes(200_000);
const { digest } = await store.put(kept);
await writeFile(join(disk, 'filler'), randomBytes(600_000));
const late = randomBytes(400_000);
const full = await codeOf(store.put(late));
const files = await filesIn();
const stillThere = kept.equals(await store.get(digest));
await rm(join(disk, 'filler'));
const afterwards = await codeOf(store.put(late));
process.stdout.write(JSON.stringify({ full, files, stillThere, afterwards }));
