import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samplerArtifacts } from '@haat/model-runtime';
import { simulateCity, writeOutbreak } from '@haat/simulators';
import { samplerLaws } from '@haat/training/testing';
import {
  enumerate,
  problemOfInput,
  sampleTransmission,
  transmissionInputSchema,
  type TransmissionContext,
  type TransmissionInput,
} from '../model/index.ts';
import { riskFiles } from '../store/index.ts';
import { transmissionTrainer } from './transmission.trainer.ts';

const folder = mkdtempSync(join(tmpdir(), 'haat-risk-trainer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lastDay = '2026-03-31';
await writeOutbreak(simulateCity({ seed: 3, persons: 400, days: 28, external: 2e-3 }), lastDay, folder, 'csv');

const met = (from: number, to: number, day: number, units = 8) => ({ from, to, day, units });

/** Cases with few joint trajectories: somebody alone, a pair, a line of three, a contradiction, a report. */
const cases: readonly TransmissionInput[] = [
  { persons: 1, days: 8, tests: [{ person: 0, day: 6, positive: true }] },
  { persons: 2, days: 10, contacts: [met(0, 1, 4), met(0, 1, 6)], tests: [{ person: 1, day: 8, positive: true }] },
  {
    persons: 3,
    days: 9,
    contacts: [met(0, 1, 2, 30), met(1, 2, 5, 30)],
    tests: [
      { person: 0, day: 4, positive: true },
      { person: 2, day: 8, positive: false },
    ],
  },
  {
    persons: 2,
    days: 8,
    contacts: [met(0, 1, 3, 20)],
    tests: [
      { person: 0, day: 5, positive: true },
      { person: 0, day: 5, positive: false },
    ],
    symptoms: [{ person: 1, day: 6 }],
  },
].map((one) => transmissionInputSchema.parse({ ...one, seed: 11, sweeps: 6_000 }));

describe('risk/transmission', () => {
  const laws = samplerLaws({
    trainer: transmissionTrainer,
    source: {
      horizon: async (asOf) => ({ asOf, revision: 0 }),
      facts: async (at) => (await riskFiles(folder)).facts(at),
    },
    asOf: new Date(`${lastDay}T12:00:00Z`),
    open: samplerArtifacts<TransmissionContext>(sampleTransmission),
    inputs: cases,
    reseeded: (input: TransmissionInput) => ({ ...input, seed: input.seed + 1 }),
    exact: (input: TransmissionInput, context: TransmissionContext) => ({
      state: enumerate(problemOfInput(input, context)).probability,
    }),
    tolerance: 0.02,
  });
  it.each(laws.map(({ name, check }) => [name, check] as const))('%s', (_name, check) => check());
});
