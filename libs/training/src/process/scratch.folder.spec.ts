import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { removeAbandonedFolders, scratchFolder } from './scratch.folder.ts';

it('folders of processes that are gone are removed, those of others, of other hosts and what else lies there are not', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'scratch-'));
  try {
    const gone = Number(execFileSync(process.execPath, ['--print', 'process.pid'], { encoding: 'utf8' }));
    const folder = (name: string) => {
      mkdirSync(join(parent, name));
      writeFileSync(join(parent, name, 'snapshot.parquet'), '');
      return name;
    };
    const here = `haat-fit-${hostname().replaceAll(/\W|_/g, '')}`;
    folder(`${here}-${gone}-aaaaaa`);
    folder(basename(await scratchFolder('snapshot', parent)).replace(/......$/, 'of the past'));
    const kept = [
      ...[`${here}-${process.ppid}-bbbbbb`, `haat-fit-elsewhere-${gone}-cccccc`],
      ...[`other-${gone}-dddddd`, 'haat-content-0'],
    ].map(folder);
    await removeAbandonedFolders(parent);
    expect(readdirSync(parent).toSorted()).toEqual(kept.toSorted());
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
});
