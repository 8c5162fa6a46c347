import { readMetadata } from '@haat/model-runtime';
import { cityParameters, simulateCity, type OutbreakWorld } from '@haat/simulators';
import { contactChannels, type ContactChannel, type RiskFacts } from '../contract/index.ts';
import { transmissionModel, type TransmissionContext } from '../model/index.ts';
import { splitByPerson } from './transmission.evaluation.ts';
import { transmissionTrainer } from './transmission.trainer.ts';

const options = transmissionModel.options.parse({
  learn: true,
  steps: 30,
  sweeps: 2,
  errorSweeps: 100,
  external: 3e-4,
});

/** What was seen of a city, as facts of the store. */
function cityFacts({ observed }: OutbreakWorld): RiskFacts {
  const { persons, days, contacts, tests, symptoms, reporting } = observed;
  const channels = cityParameters.channels.map(({ name }) => contactChannels.indexOf(name as ContactChannel));
  return {
    firstDay: '2026-03-04',
    days,
    persons: {
      id: Array.from({ length: persons }, (_, person) => `p${String(person).padStart(4, '0')}`),
      region: new Uint16Array(persons),
      reports: reporting,
    },
    contacts: contacts.map((piece) => ({ ...piece, channel: piece.channel.map((one) => channels[one]!) })),
    tests,
    symptoms,
  };
}

const world = simulateCity({ seed: 3, persons: 400, days: 28, external: 2e-3 });
const facts = cityFacts(world);

async function fitted(of: RiskFacts, stopAt = Infinity, from: Uint8Array | null = null) {
  const stop = new AbortController();
  const saved: Uint8Array[] = [];
  const told: { readonly fraction: number | null; readonly message: string }[] = [];
  const done = await transmissionTrainer
    .fit(of, options, {
      seed: 5,
      dataset: { digest: '', rows: 0, asOf: '' },
      report: (progress) => void (told.push(progress) === stopAt && stop.abort()),
      signal: stop.signal,
      checkpoints: { load: async () => from, save: async (bytes) => void saved.push(bytes) },
    })
    .catch((reason: unknown) => {
      if (reason !== stop.signal.reason) throw reason;
      return null;
    });
  return { done, saved, told };
}

describe('learning as a training of risk/transmission', () => {
  it('keeps estimates with standard errors and their history in the version, and its parameters are the estimates', async () => {
    const { done, told } = await fitted(facts);
    const { context, lineage } = readMetadata<TransmissionContext>(done!);
    const { parameters, learned } = context;
    expect(lineage.options).toMatchObject({ learn: true, steps: 30 });
    expect(learned!.estimates.map(({ name }) => name)).toEqual([
      'external',
      ...parameters.channels.map(({ name }) => name),
    ]);
    expect(learned!.estimates.map(({ value }) => value)).toEqual([
      parameters.external,
      ...parameters.channels.map(({ probability }) => probability),
    ]);
    expect(learned!.history).toHaveLength(30);
    expect(told.at(-2)).toMatchObject({
      fraction: 1,
      message: expect.stringMatching(/^standard errors, sweep (\d+) of \1$/),
    });
    const [external, ...channels] = learned!.estimates;
    // It began at a seventh of the truth, outside of this interval: a larger error would let anything pass. Nobody can know the rate
    // better than who saw each infection from outside; half of that is left for the few sweeps that the error is estimated from.
    expect(3 * external!.lnError!).toBeLessThan(Math.log(2e-3 / options.external) * 0.8);
    const outside = world.truth.source.filter((from) => from === -1).length;
    expect(external!.lnError).toBeGreaterThan(0.5 / Math.sqrt(outside));
    expect(Math.abs(Math.log(external!.value / 2e-3))).toBeLessThan(3 * external!.lnError!);
    // Nobody met at school, in transport or at leisure in this world.
    const known = channels.filter(({ lnError }) => lnError !== null).map(({ name }) => name);
    expect(['household', 'work', 'other']).toEqual(expect.arrayContaining(known));
    expect(known).toContain('household');
  });

  it('goes on from where it was put down, to the same bytes', async () => {
    const whole = await fitted(facts);
    const first = await fitted(facts, 7);
    expect(first.done).toBeNull();
    const second = await fitted(facts, 20, first.saved.at(-1)!);
    const third = await fitted(facts, Infinity, second.saved.at(-1)!);
    expect(third.told).toHaveLength(whole.told.length - 7 - 20);
    expect(Buffer.from(third.done!).equals(whole.done!)).toBe(true);
  });

  it('never looks at the tests that judge it', async () => {
    const { heldOut } = splitByPerson(facts);
    const judges = new Set(heldOut.person);
    expect(judges.size).toBeGreaterThan(0);
    const learnedWith = async (turn: (person: number) => boolean) => {
      const { person, positive } = facts.tests;
      const turned = positive.map((was, row) => (turn(person[row]!) ? 1 - was : was));
      const { done } = await fitted({ ...facts, tests: { ...facts.tests, positive: turned } });
      return readMetadata<TransmissionContext>(done!).context;
    };
    const plain = await learnedWith(() => false);
    expect(await learnedWith((person) => judges.has(person))).toEqual(plain);
    expect(await learnedWith((person) => !judges.has(person))).not.toEqual(plain);
  });
});
