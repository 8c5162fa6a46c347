import { fileURLToPath } from 'node:url';
import type { RiskPosterior, RiskProblem } from '../contract/index.ts';
import { enumerate, type ChainCheckpoint } from '../model/index.ts';
import { smallOutbreak } from './fixtures/small.outbreak.ts';
import { inferRisk, type InferenceOptions } from './infer.risk.ts';

const source = fileURLToPath(new URL('../../../../tools/jest/source.mjs', import.meta.url));
const nodeArguments = ['--no-warnings', '--conditions=@haat/source', '--import', source];
const options: InferenceOptions = { seed: 3, chains: 3, warmUp: 5, sweeps: 24, nodeArguments, explain: [2] };
const problem = smallOutbreak(30, 20);

function everything(posterior: RiskPosterior) {
  const { persons, days } = problem;
  return {
    timelines: Array.from({ length: persons }, (_, person) => posterior.timeline(person)),
    end: posterior.onDay(days - 1),
    agreement: posterior.agreement,
    sources: [...posterior.sources],
  };
}

describe('inference', () => {
  it('gives the same to the bit whatever the threads, and after a stop', async () => {
    const once = everything(await inferRisk(problem, options));
    expect(everything(await inferRisk(problem, { ...options, threads: 3 }))).toEqual(once);
    expect(everything(await inferRisk(problem, { ...options, threads: 0 }))).toEqual(once);

    const stop = new AbortController();
    const checkpoints = new Map<number, ChainCheckpoint>();
    const onCheckpoint = (chain: number, checkpoint: ChainCheckpoint) => {
      checkpoints.set(chain, checkpoint);
      stop.abort();
    };
    const stopped = inferRisk(problem, {
      ...options,
      sweeps: 20_000,
      threads: 3,
      checkpointEvery: 7,
      onCheckpoint,
      signal: stop.signal,
    });
    await expect(stopped).rejects.toMatchObject({ code: 'INFERENCE_STOPPED', blame: 'retry' });
    expect(checkpoints.size).toBeGreaterThan(0);
  });

  it('goes on from checkpoints that another run left', async () => {
    const checkpoints = new Map<number, ChainCheckpoint>();
    const onCheckpoint = (chain: number, checkpoint: ChainCheckpoint) => {
      if (!checkpoints.has(chain)) checkpoints.set(chain, checkpoint);
    };
    const whole = everything(await inferRisk(problem, { ...options, checkpointEvery: 11, onCheckpoint }));
    expect([...checkpoints.values()].map(({ done }) => done)).toEqual([11, 11, 11]);
    checkpoints.delete(1);
    expect(everything(await inferRisk(problem, { ...options, resume: checkpoints, threads: 2 }))).toEqual(whole);
  });

  it('says one thing of a day and of a timeline', async () => {
    const posterior = await inferRisk(problem, options);
    const day = posterior.onDay(7);
    for (let person = 0; person < problem.persons; person++) {
      const { probability, error } = posterior.timeline(person);
      expect([...day.probability.subarray(person * 4, person * 4 + 4)]).toEqual([...probability.subarray(28, 32)]);
      expect([...day.error.subarray(person * 4, person * 4 + 4)]).toEqual([...error.subarray(28, 32)]);
    }
  });

  it('enumerates clusters of few who met nobody else, with no error left', async () => {
    const pair = smallOutbreak(2, 20);
    const apart = join(problem, pair);
    const posterior = await inferRisk(apart, { ...options, explain: [] });
    const exact = enumerate(pair).probability;
    for (const person of [0, 1]) {
      const { probability, error } = posterior.timeline(30 + person);
      expect(Math.max(...error)).toBe(0);
      probability.forEach((p, cell) => expect(p).toBeCloseTo(exact[person * 80 + cell]!, 12));
    }
    expect(Math.max(...posterior.timeline(0).error)).toBeGreaterThan(0);
    const sampled = await inferRisk(apart, { ...options, explain: [], clusterSteps: 0 });
    expect(Math.max(...sampled.timeline(30).error)).toBeGreaterThan(0);
  });

  it.each<[InferenceOptions, string]>([
    [{ chains: 0 }, 'chains'],
    [{ sweeps: 3, marginalsEvery: 4 }, 'marginalsEvery'],
    [{ seed: -1 }, 'seed'],
    [{ threads: 0.5 }, 'threads'],
    [{ explain: [30] }, 'explain'],
    [{ explain: [1, 1] }, 'explain'],
  ])('refuses %j', async (change, field) => {
    await expect(inferRisk(problem, { ...options, ...change })).rejects.toMatchObject({
      code: 'INVALID_SAMPLING',
      details: { field },
    });
  });
});

/** Two problems side by side, whose persons never meet. */
function join(a: RiskProblem, b: RiskProblem): RiskProblem {
  const moved = (persons: Uint32Array) => persons.map((person) => person + a.persons);
  const both = (x: Uint8Array, y: Uint8Array) => Uint8Array.of(...x, ...y);
  return {
    ...a,
    persons: a.persons + b.persons,
    contacts: [
      ...a.contacts,
      ...Array.from(b.contacts, (columns) => ({ ...columns, from: moved(columns.from), to: moved(columns.to) })),
    ],
    tests: {
      rows: a.tests.rows + b.tests.rows,
      person: Uint32Array.of(...a.tests.person, ...moved(b.tests.person)),
      day: both(a.tests.day, b.tests.day),
      kind: both(a.tests.kind, b.tests.kind),
      positive: both(a.tests.positive, b.tests.positive),
    },
  };
}
