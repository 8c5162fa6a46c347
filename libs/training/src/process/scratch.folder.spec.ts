import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { removeAbandonedFolders, scratchFolder } from './scratch.folder.ts';

it('folders of processes that are gone are removed, those of others and what else lies there are not', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'scratch-'));
  try {
    const gone = Number(execFileSync(process.execPath, ['--print', 'process.pid'], { encoding: 'utf8' }));
    const folder = (name: string) => {
      mkdirSync(join(parent, name));
      writeFileSync(join(parent, name, 'snapshot.parquet'), '');
      return name;
    };
    folder(`haat-fit-${gone}-aaaaaa`);
    folder(basename(await scratchFolder('snapshot', parent)).replace(/......$/, 'of the past'));
    const kept = [folder(`haat-fit-${process.ppid}-bbbbbb`), folder(`other-${gone}-cccccc`), folder('haat-content-0')];
    await removeAbandonedFolders(parent);
    expect(readdirSync(parent).toSorted()).toEqual(kept.toSorted());
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
});
