import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cityMeetings, cityParameters } from './outbreak.constants.ts';
import { simulateOutbreak } from './outbreak.simulator.ts';
import { outbreakFiles, writeOutbreak } from './outbreak.writer.ts';

const parameters = { ...cityParameters, external: [0, 1].map(() => new Array<number>(20).fill(0.02)) };
const testing = { capacity: 5, ofReports: 1, random: 2 };
const world = simulateOutbreak({
  seed: 1,
  persons: 12,
  days: 20,
  parameters,
  meetings: cityMeetings,
  adoption: 0.8,
  testing,
});

describe('writeOutbreak', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'haat-outbreak-'))));
  afterEach(() => rm(directory, { recursive: true }));

  it('writes what imports of risk read, the truth apart, the same bytes twice', async () => {
    const written = await writeOutbreak(world, '2026-03-11', directory, 'csv');
    expect(written.map(({ file }) => file)).toEqual(outbreakFiles(directory, 'csv'));
    const texts = await Promise.all(written.map(({ file }) => readFile(file, 'utf8')));
    const [persons, contacts, tests, symptoms, truth, told] = texts;
    expect(persons).toMatch(/^person_id,region,reports\np00,0,(true|false)\np01,1,/);
    expect(contacts).toMatch(/^from_id,to_id,day,channel,units,mutual\np\d\d,p\d\d,2026-02-20,household,\d+,true\n/);
    expect(tests).toMatch(/^test_id,person_id,day,kind,result\nt0,p\d\d,2026-02-20,pcr,(negative|positive)\n/);
    expect(symptoms).toMatch(/^person_id,day,reported\np\d\d,2026-0[23]-\d\d,true\n/);
    expect(truth).toMatch(/^person_id,exposed,infectious,removed,infected_by\np00,/);
    expect(truth).toMatch(/,2026-0[23]-\d\d,.*,(outside|p\d\d)\n/);
    expect(JSON.parse(told!)).toEqual(parameters);
    await writeOutbreak(world, '2026-03-11', directory, 'csv');
    expect(await Promise.all(written.map(({ file }) => readFile(file, 'utf8')))).toEqual(texts);
  });

  it('refuses a last day that is none, before it writes', async () => {
    await expect(writeOutbreak(world, '2026-02-30', directory, 'csv')).rejects.toMatchObject({ code: 'INVALID_WORLD' });
    expect(await readdir(directory)).toEqual([]);
  });
});
