import { DomainError, isDomainError } from '@haat/kit';
import type { OpenSampler } from '@haat/model-runtime';
import {
  contactRecordSchema,
  parseRiskRecord,
  personRecordSchema,
  symptomRecordSchema,
  testRecordSchema,
} from '@haat/risk/contract';
import { transmissionInputSchema, type TransmissionContext, type TransmissionInput } from '@haat/risk/model';
import { openTransmission } from '@haat/risk/serving';
import { riskFiles, type RiskFiles } from '@haat/risk/store';
import { transmissionTrainer } from '@haat/risk/training';
import { z } from 'zod';

import { askEntities } from '../../gateway/entity.queries.ts';
import type { ModelTools } from '../domain.tools.ts';
import { transmissionPolicies } from './policy.tools.ts';
import { parsePersonId, riskQuestion } from './risk.queries.ts';

export const transmissionTools: ModelTools<OpenSampler<TransmissionContext>, RiskFiles> = {
  trainer: transmissionTrainer,
  open: openTransmission,
  shapes: {
    files: {
      persons: personRecordSchema,
      contacts: contactRecordSchema,
      tests: testRecordSchema,
      symptoms: symptomRecordSchema,
    },
    input: transmissionInputSchema.shape,
    output: {
      state: z
        .array(z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])))
        .describe('P(S), P(E), P(I), P(R) of each person on each day, [persons, days, 4]'),
    },
    others: {},
  },
  source: riskFiles,
  // Parameters are of the disease, not of a population: they may be judged by any.
  requireFit: async () => undefined,
  answering: ({ open }) => ({
    named: 'case_id',
    parse: (raw, place) => parseRiskRecord(transmissionInputSchema, raw, place),
    predict: (cases: readonly TransmissionInput[]) => Promise.all(cases.map((one) => answerOf(open, one))),
  }),
  asking: (gateway) => ({
    named: 'person_id',
    parse: parsePersonId,
    predict: (ids: readonly string[]) => askEntities(gateway, riskQuestion, ids),
  }),
  policies: transmissionPolicies,
};

/** The marginals as nested lists; what is wrong with a case in its place. */
async function answerOf(open: OpenSampler<TransmissionContext>, one: TransmissionInput): Promise<object | DomainError> {
  try {
    const { state } = await open.answer(one);
    const rows = Array.from({ length: one.persons }, (_, person) =>
      Array.from({ length: one.days }, (__, day) => {
        const at = (person * one.days + day) * 4;
        return Array.from(state!.subarray(at, at + 4));
      }),
    );
    return { state: rows };
  } catch (thrown) {
    if (isDomainError(thrown) && thrown.blame === 'caller') return thrown;
    throw thrown;
  }
}
