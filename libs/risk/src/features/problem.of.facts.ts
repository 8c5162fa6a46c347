import {
  contactChannels,
  riskRecordError,
  testKinds,
  type ContactColumns,
  type RiskFacts,
  type RiskParameters,
  type RiskProblem,
} from '../contract/index.ts';

/** What stands for a name of which the parameters say nothing. */
const UNMODELLED = 255;

/**
 * The problem that facts state under parameters: channels and kinds of tests by their names.
 * Errors: UNMODELLED_EVIDENCE where facts are of a channel or kind that the parameters leave out.
 */
export function problemOf(facts: RiskFacts, parameters: RiskParameters): RiskProblem {
  const { days, persons, contacts, tests, symptoms, beginning } = facts;
  const channels = positionsOf(contactChannels, parameters.channels);
  const kinds = positionsOf(testKinds, parameters.tests);
  return {
    persons: persons.id.length,
    days,
    parameters,
    region: typeof parameters.external === 'number' ? null : persons.region,
    contacts: {
      *[Symbol.iterator](): Iterator<ContactColumns> {
        for (const piece of contacts) {
          yield { ...piece, channel: translated('channel', piece.channel, channels, contactChannels) };
        }
      },
    },
    tests: { ...tests, kind: translated('kind of test', tests.kind, kinds, testKinds) },
    symptoms: parameters.symptoms === null ? { rows: 0, person: new Uint32Array(), day: new Uint8Array() } : symptoms,
    reporting: parameters.symptoms === null ? null : persons.reports,
    initial: beginning?.initial ?? null,
  };
}

function positionsOf(names: readonly string[], modelled: readonly { readonly name: string }[]): Uint8Array {
  return Uint8Array.from(names, (name) => {
    const at = modelled.findIndex((one) => one.name === name);
    return at < 0 ? UNMODELLED : at;
  });
}

function translated(what: string, codes: Uint8Array, positions: Uint8Array, names: readonly string[]): Uint8Array {
  const into = new Uint8Array(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const at = positions[codes[row]!]!;
    if (at === UNMODELLED) {
      const name = names[codes[row]!]!;
      throw riskRecordError('UNMODELLED_EVIDENCE', `Row ${row}: the parameters say nothing of the ${what} "${name}"`, {
        row,
        name,
      });
    }
    into[row] = at;
  }
  return into;
}
