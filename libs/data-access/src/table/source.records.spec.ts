import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { openRecords } from './source.records.ts';

describe('openRecords', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'haat-records-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['rows.csv', 'rows.jsonl', 'rows.parquet', 'rows.csv.gz'])(
    'says of a compressed %s that it is one, and to unpack it',
    async (name) => {
      const file = join(folder, name);
      writeFileSync(file, gzipSync('a,b\n1,2\n'));
      await expect(openRecords(file)).rejects.toMatchObject({
        code: 'FILE_FORMAT',
        message: expect.stringMatching(/compressed.*unpack it first$/i),
        details: { file },
      });
    },
  );
});
