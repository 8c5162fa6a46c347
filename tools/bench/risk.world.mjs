import { publishedParameters, symptomColumns, testColumns } from '@haat/risk/contract';

/** splitmix32: contacts of a bench need speed more than quality. */
function uniform32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/**
 * Meetings at random: `contacts` a person and day, one unit each, a piece of columns a day, without tests. Pieces are made as they are read, the same each time, in the
 * memory of the one before: who keeps one copies it.
 */
export function meetings({
  persons,
  days,
  contacts,
  external,
  probability,
  infectivity = [1],
  symptoms = null,
  seed = 1,
}) {
  const rows = (persons * contacts) / 2;
  const [from, to, day] = [new Uint32Array(rows), new Uint32Array(rows), new Uint8Array(rows)];
  const [channel, count, mutual] = [new Uint8Array(rows), new Uint16Array(rows).fill(1), new Uint8Array(rows).fill(1)];
  function* pieces() {
    const next = uniform32(seed);
    for (let on = 0; on < days; on++) {
      for (let row = 0; row < rows; row++) {
        from[row] = next() % persons;
        to[row] = (from[row] + 1 + (next() % (persons - 1))) % persons;
      }
      yield { rows, from, to, day: day.fill(on), channel, count, mutual };
    }
  }
  const channels = [{ name: 'contact', probability }];
  return {
    persons,
    days,
    parameters: { ...publishedParameters, external, channels, infectivity, symptoms },
    region: null,
    contacts: { [Symbol.iterator]: pieces },
    tests: testColumns([]),
    symptoms: symptomColumns([]),
    reporting: null,
    initial: null,
  };
}
