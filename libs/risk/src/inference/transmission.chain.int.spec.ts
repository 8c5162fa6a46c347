import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateCity, writeOutbreak } from '@haat/simulators';
import { parametersOfRates, transmissionModel } from '../model/index.ts';
import { readFacts, riskFiles, writeFacts } from '../store/index.ts';
import { pooledSamples } from './chain.samples.ts';
import { decodeCheckpoint } from './checkpoint.codec.ts';
import { explainedPersons } from './explained.persons.ts';
import { transmissionChain } from './transmission.chain.ts';
import { stateTransmission } from './transmission.state.ts';

const asOf = new Date('2026-03-31T12:00:00Z');
const model = { days: 14, sweeps: 30, burnIn: 10, explain: 5 };
const options = {
  chain: 1,
  chains: 2,
  context: { parameters: parametersOfRates(transmissionModel.options.parse({})) },
  model,
};

describe('a chain in a process of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'haat-risk-chain-'));
  const file = join(folder, 'facts');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    const world = simulateCity({ seed: 3, persons: 300, days: 20, external: 2e-3 });
    await writeOutbreak(world, '2026-03-31', folder, 'csv');
    expect(await stateTransmission(await riskFiles(folder), asOf, model, file)).toMatchObject({ revision: 0 });
  });

  async function run(stopAt = Infinity, from: Uint8Array | null = null) {
    const stop = new AbortController();
    const saved: Uint8Array[] = [];
    const fractions: (number | null)[] = [];
    const done = await transmissionChain
      .fit(await transmissionChain.read(file), options, {
        seed: 7,
        dataset: { digest: '', rows: 0, asOf: '' },
        report({ fraction }) {
          fractions.push(fraction);
          if (fractions.length === stopAt) stop.abort();
        },
        signal: stop.signal,
        checkpoints: { load: async () => from, save: async (bytes) => void saved.push(bytes) },
      })
      .catch((reason: unknown) => {
        if (reason !== stop.signal.reason) throw reason;
        return null;
      });
    return { done, saved, fractions };
  }

  it('is put down between two sweeps and taken up again, to the same bytes', async () => {
    const whole = await run();
    expect(whole.fractions).toHaveLength(40);
    expect(whole.fractions.at(-1)).toBe(1);
    const first = await run(17);
    expect(first.done).toBeNull();
    expect(first.saved).toHaveLength(1);
    const second = await run(6, first.saved[0]!);
    const third = await run(Infinity, second.saved[0]!);
    expect(third.fractions).toHaveLength(40 - 17 - 6);
    expect(Buffer.from(third.done!).equals(whole.done!)).toBe(true);
  });

  it('keeps states at even distances as samples, the last of them the one that it ends with', async () => {
    const { done } = await run();
    const { state, samples } = decodeCheckpoint(done!);
    // Thirty sweeps count: as many as there are, for 128 would be wanted.
    expect(samples).toHaveLength(30 * state.length);
    expect(samples.subarray(29 * state.length)).toEqual(state);
    const { samples: number, exposed } = pooledSamples({ persons: 300, days: 14 }, [samples, samples]);
    expect(number).toBe(60);
    expect(exposed.subarray(59 * 300)).toEqual(state.subarray(0, 300));
  });

  it('reads facts as they were written, and refuses what holds none', async () => {
    const facts = await readFacts(file);
    const copy = join(folder, 'copy');
    await writeFacts(copy, facts);
    expect(await readFacts(copy)).toEqual(facts);
    expect(facts).toMatchObject({ firstDay: '2026-03-18', days: 14 });
    await expect(readFacts(join(folder, 'persons.csv'))).rejects.toMatchObject({ code: 'INVALID_RISK_RECORD' });
  });

  it('explains those with a positive test before those who reported, and these before whom they met', async () => {
    const facts = await readFacts(file);
    const { tests, symptoms } = facts;
    const positive = new Set([...tests.person].filter((_, row) => tests.positive[row] === 1));
    const marked = new Set([...positive, ...symptoms.person]);
    expect(new Set(explainedPersons(facts, positive.size))).toEqual(positive);
    expect(new Set(explainedPersons(facts, marked.size))).toEqual(marked);
    expect(explainedPersons(facts, 300)).toEqual(Array.from({ length: 300 }, (_, k) => k));
  });
});
