import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { haat, type Run } from '../stack/operator.ts';
import { ask, onStack, sharedStack } from '../stack/shared.stack.ts';

const model = 'risk/transmission';

type Measured = Run & { readonly metrics: readonly { readonly name: string; readonly value: number }[] };

interface Timeline {
  readonly riskTimeline: {
    readonly asOf: string;
    readonly days: readonly { readonly day: string; readonly risk: number }[];
  };
}

const metricsOf = ({ metrics }: Measured) => Object.fromEntries(metrics.map(({ name, value }) => [name, value]));

/** What is inferred of somebody. */
async function timelineOf(id: string): Promise<Timeline['riskTimeline']> {
  const query = 'query ($id: ID!) { person(id: $id) { riskTimeline { asOf days { day risk low high } } } }';
  const { data } = await ask<{ person: Timeline }>(query, { id });
  return data!.person.riskTimeline;
}

const riskOf = async (id: string) => (await timelineOf(id)).days.at(-1)!.risk;

describe('a day that comes in', () => {
  /** The last day of what was inferred at the start. */
  let day: string;
  let stranger: string;
  const began = new Date().toISOString();

  beforeAll(async () => {
    const { data } = await ask<{ highestRisk: { edges: { node: Timeline & { id: string } }[] } }>(
      '{ highestRisk(first: 1) { edges { node { id riskTimeline { asOf days(last: 1) { day risk } } } } } }',
    );
    const { id, riskTimeline } = data!.highestRisk.edges[0]!.node;
    [stranger, day] = [id, riskTimeline.days[0]!.day];
  });

  function folderOf(name: string, tables: Readonly<Record<string, readonly string[]>>): string {
    const folder = join(sharedStack().folder, name);
    mkdirSync(folder);
    for (const [table, lines] of Object.entries(tables)) {
      const file = join(folder, `${table}.csv`);
      writeFileSync(file, `${lines.map((line) => line.replace('DAY', day)).join('\n')}\n`);
    }
    return folder;
  }

  /** As the demo inferred, so that a part can go on from it. */
  const ingest = (folder: string) => {
    const options = ['--option', 'sweeps=60', '--option', 'burnIn=20'];
    return haat<Measured>('ingest-day', model, folder, '--day', day, '--chains', '2', ...options);
  };

  let takenIn: string;

  it('answers for whom it concerns, and for nobody else', async () => {
    const before = await timelineOf(stranger);
    const first = await ingest(
      folderOf('two-come', {
        persons: ['person_id,region,reports', 'e2e-asha,0,true', 'e2e-bela,0,true', 'e2e-chand,0,true'],
        tests: ['test_id,person_id,day,kind,result', 'e2e-1,e2e-bela,DAY,pcr,negative'],
      }),
    );
    expect(first.state).toBe('completed');
    expect(metricsOf(first)).toMatchObject({ imported_rows: 4, rejected_rows: 0, recomputed_persons: 3 });
    const [asha, bela] = [await riskOf('e2e-asha'), await riskOf('e2e-bela')];

    const late = folderOf('a-test-comes', {
      persons: ['person_id,region,reports', 'e2e-asha,0,true'],
      tests: ['test_id,person_id,day,kind,result', 'e2e-2,e2e-asha,DAY,pcr,positive'],
    });
    const second = await ingest(late);
    expect(metricsOf(second)).toMatchObject({ imported_rows: 1, recomputed_persons: 1, goes_on: 1 });
    const answered = await timelineOf('e2e-asha');
    expect(answered.days.at(-1)!.risk).toBeGreaterThan(10 * asha);
    expect(await riskOf('e2e-bela')).toBe(bela);
    expect((await timelineOf(stranger)).days).toEqual(before.days);

    const again = await ingest(late);
    expect(again.id).toBe(second.id);
    takenIn = second.id;
    expect(await timelineOf('e2e-asha')).toEqual(answered);
  });

  it('is computed again by an audit, the same to the last digit', async () => {
    const audit = await haat<Measured>('skew', model, '--from', began);
    expect(audit).toMatchObject({ kind: 'skew', state: 'completed' });
    const { rows, ...others } = metricsOf(audit);
    expect(rows).toBe(4);
    expect(others).toMatchObject({ differing: 0, risk: 0, infectious: 0 });
    expect(Object.values(others).filter((share) => share !== 0)).toEqual([]);
    const replay = await haat<Measured>('runs', 'replay', takenIn);
    expect(replay).toMatchObject({ kind: 'infer', state: 'completed' });
    expect(metricsOf(replay)).toMatchObject({ differing: 0 });
  });

  it('is told beside what the version learned from, by person and day', async () => {
    const yesterday = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
    const profile = await haat<Measured>('drift', 'profile', model, '--day', yesterday);
    expect(profile).toMatchObject({ kind: 'drift', state: 'completed' });
    const [told] = await haat<{ day: string; features: { feature: string; drifted: boolean }[] }[]>('drift', model);
    expect(told!.day).toBe(yesterday);
    const drifted = told!.features.filter((one) => one.drifted).map(({ feature }) => feature);
    expect(metricsOf(profile)).toMatchObject({ referenceRows: 2_000 * 28, drifted: drifted.length });
    expect(told!.features.map(({ feature }) => feature)).toContain('pcr');
    expect(drifted).not.toContain('contacts');
    const { stdout } = await onStack(['drift', model]);
    expect(stdout).toMatch(/contacts +\d\.\d{4}/);
    expect(stdout).toContain(drifted.length === 0 ? 'Nothing drifts.' : `Beyond chance: ${drifted.join(', ')}.`);
  });
});
