import { contactColumns, publishedParameters, type RiskParameters } from '../contract/index.ts';
import { contactIndex } from './contacts/contact.index.ts';
import { exposureUnits } from './exposure.units.ts';
import { wholeNumbers } from './whole.numbers.ts';

const near = { name: 'near', probability: 0.013 };
const far = { name: 'far', probability: 0.0007 };

/** Units of contacts of persons with the next ones, of these counts, all on one day; channels in turn. */
function unitsOf(counts: readonly number[], parameters: Partial<RiskParameters>) {
  const all = { ...publishedParameters, channels: [near], ...parameters };
  const rows = counts.map((count, from) => ({
    from,
    to: from + 1,
    day: 0,
    count,
    channel: from % all.channels.length,
    mutual: true,
  }));
  const persons = counts.length + 1;
  const index = contactIndex({ persons, days: 2, parameters: all, contacts: [contactColumns(rows)] });
  return { ...exposureUnits(all, index), index };
}

describe('units of exposure', () => {
  it('are contacts where all are of one channel: no weight has an error', () => {
    const { unit, plain, units, most, index } = unitsOf([1, 3, 7], {});
    expect(unit).toBe(-Math.log1p(-near.probability));
    expect([...plain]).toEqual([...index.exposures]);
    expect([...units]).toEqual([...plain]);
    expect(most).toBe(2 * 7);
  });

  it('are contacts too where a second channel is never met', () => {
    const { unit } = unitsOf([1], { channels: [near, far] });
    expect(unit).toBe(-Math.log1p(-near.probability));
  });

  it.each<[string, readonly number[], Partial<RiskParameters>]>([
    ['of two channels', [1, 3, 7], { channels: [near, far] }],
    ['of infectivity that changes', [1, 3, 7], { infectivity: [0.5, 1, 0.3] }],
    ['of infectivity below one', [1, 3, 7], { infectivity: [0.7] }],
  ])('are of 30 bits where contacts are %s', (_, counts, parameters) => {
    const { unit, plain, units, phases, most, index } = unitsOf(counts, parameters);
    const channels = parameters.channels ?? [near];
    const nats = Array.from(plain, (_, kind) =>
      channels.reduce(
        (sum, { probability }, k) => sum - Math.log1p(-probability) * index.exposures[kind * channels.length + k]!,
        0,
      ),
    );
    expect(Number.isInteger(Math.log2(unit))).toBe(true);
    plain.forEach((each, kind) => expect(Math.abs(each * unit - nats[kind]!)).toBeLessThanOrEqual(unit / 2));
    units.forEach((each, at) => {
      const nat = nats[at % nats.length]! * phases[Math.floor(at / nats.length)]!.factor;
      expect(Math.abs(each * unit - nat)).toBeLessThanOrEqual(unit / 2);
    });
    expect(most).toBeLessThanOrEqual(2 ** 30);
    expect(most).toBeGreaterThan(2 ** 28);
  });

  it.each([
    [255, Uint8Array],
    [256, Uint16Array],
    [65_535, Uint16Array],
    [65_536, Int32Array],
  ])('up to %i are kept in no more bytes than that takes', (most, type) => {
    expect(wholeNumbers(3, most)).toEqual(new type(3));
  });
});
