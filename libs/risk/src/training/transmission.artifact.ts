import { modelCard } from '@haat/kit';
import { goldenCases, writeArtifact, type GoldenCase, type Lineage } from '@haat/model-runtime';
import { sampleTransmission, transmissionModel, type TransmissionContext } from '../model/index.ts';

/** Sweeps of a replay case: enough to go through every step, and moments for all of them. */
const SWEEPS = 40;

/** Parameters and lineage as one file. Its cases are small outbreaks, each with a seed of its own. */
export function transmissionArtifact(context: TransmissionContext, lineage: Lineage): Uint8Array {
  const golden = Array.from({ length: goldenCases }, (_, number): GoldenCase => {
    const input = smallOutbreak(number);
    return { input, outputs: { state: Array.from(sampleTransmission(input, context).state) } };
  });
  return writeArtifact(null, { card: modelCard(transmissionModel), lineage, golden, context });
}

/** A line of persons who meet their neighbours in places of all kinds, with a test, a report, and contradictions in some. */
function smallOutbreak(number: number) {
  const persons = 2 + (number % 5);
  const days = 6 + (number % 7);
  const contacts = Array.from({ length: days - 1 }, (_, day) => {
    const from = (day + number) % persons;
    return {
      from,
      to: (from + 1) % persons,
      day,
      channel: (day + number) % 6,
      units: 1 + ((day * 7 + number) % 12),
      mutual: (day + number) % 3 > 0,
    };
  });
  const tests = [
    { person: number % persons, day: days - 2, kind: number % 3, positive: true },
    ...(number % 2 === 0 ? [{ person: number % persons, day: days - 1, kind: 0, positive: false }] : []),
  ];
  const symptoms = number % 3 === 0 ? [{ person: (number + 1) % persons, day: days - 3 }] : [];
  return { seed: number, sweeps: SWEEPS, persons, days, contacts, tests, symptoms };
}
