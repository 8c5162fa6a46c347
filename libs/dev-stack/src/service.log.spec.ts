import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openLog, rotateLog, tailOf } from './service.log.ts';

describe('the log of a service', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'haat-log-'));
    file = join(folder, 'app.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps what the processes before wrote, and tells what the last one wrote', () => {
    for (const run of ['one', 'two', 'three']) {
      const { descriptor, start } = openLog(file);
      writeSync(descriptor, `${run}\n`);
      closeSync(descriptor);
      expect(tailOf(file, 20, start)).toEqual([run]);
    }
    expect(tailOf(file)).toEqual(['one', 'two', 'three']);
  });

  it('is put aside when it is too large, a few times; whoever writes goes on at the beginning of an empty file', () => {
    const { descriptor } = openLog(file);
    for (let n = 1; n <= 5; n++) {
      writeSync(descriptor, `line ${n}\n`);
      rotateLog(file, 3, 2);
      expect(readFileSync(file, 'utf8')).toBe('');
    }
    writeSync(descriptor, 'end\n');
    closeSync(descriptor);
    expect(readFileSync(file, 'utf8')).toBe('end\n');
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('line 5\n');
    expect(readFileSync(`${file}.2`, 'utf8')).toBe('line 4\n');
    expect(existsSync(`${file}.3`)).toBe(false);
  });

  it('stays while it is small, and is read whole where it was emptied since the process began', () => {
    writeFileSync(file, 'a\nb\n');
    rotateLog(file, 4, 2);
    expect(readFileSync(file, 'utf8')).toBe('a\nb\n');
    expect(tailOf(file, 20, 1_000)).toEqual(['a', 'b']);
    appendFileSync(file, 'c\n');
    expect(tailOf(file, 2)).toEqual(['b', 'c']);
    expect(tailOf(join(folder, 'none.log'))).toEqual([]);
  });
});
