import { readMetadata } from '@haat/model-runtime';
import { cityParameters, simulateCity } from '@haat/simulators';
import { contactChannels, type ContactChannel, type RiskFacts } from '../contract/index.ts';
import { transmissionModel, type TransmissionContext } from '../model/index.ts';
import { splitByPerson } from './transmission.evaluation.ts';
import { transmissionTrainer } from './transmission.trainer.ts';

const options = transmissionModel.options.parse({ learn: true, steps: 20, sweeps: 2, errorSweeps: 20, external: 1e-3 });

/** What was seen of a city, as facts of the store. */
function cityFacts(seed: number): RiskFacts {
  const { observed } = simulateCity({ seed, persons: 400, days: 28, external: 2e-3 });
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

const facts = cityFacts(3);

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
    expect(lineage.options).toMatchObject({ learn: true, steps: 20 });
    expect(learned!.estimates.map(({ name }) => name)).toEqual([
      'external',
      ...parameters.channels.map(({ name }) => name),
    ]);
    expect(learned!.estimates.map(({ value }) => value)).toEqual([
      parameters.external,
      ...parameters.channels.map(({ probability }) => probability),
    ]);
    expect(learned!.history).toHaveLength(20);
    expect(told.at(-2)).toMatchObject({ fraction: 1, message: 'standard errors, sweep 60 of 60' });
    const [external, ...channels] = learned!.estimates;
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
    const turned = facts.tests.positive.map((was, row) => (judges.has(facts.tests.person[row]!) ? 1 - was : was));
    const [plain, other] = await Promise.all([
      fitted(facts),
      fitted({ ...facts, tests: { ...facts.tests, positive: Uint8Array.from(turned) } }),
    ]);
    const learned = (bytes: Uint8Array) => readMetadata<TransmissionContext>(bytes).context;
    expect(learned(other.done!)).toEqual(learned(plain.done!));
  });
});
