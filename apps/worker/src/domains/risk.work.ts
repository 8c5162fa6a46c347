import { DriftLog } from '@haat/data-access';
import { transmissionModel, type TransmissionContext } from '@haat/risk/model';
import {
  compareTransmission,
  poolTransmission,
  restateTransmission,
  stateTransmission,
  stateTransmissionDay,
} from '@haat/risk/inference';
import { planPolicies, policyMetrics, simulateSeed } from '@haat/risk/policy';
import { transmissionInputs } from '@haat/risk/serving';
import { CarriedStore, importRiskDay, InferenceStore, PolicyStore, RiskStore } from '@haat/risk/store';
import { transmissionTrainer } from '@haat/risk/training';
import type { WorkingDomain } from './domain.work.ts';

export const riskWork: WorkingDomain = {
  entities: [],
  work({ database, records }) {
    const source = new RiskStore(database);
    const carried = new CarriedStore(database);
    const inferences = new InferenceStore(database);
    const policies = new PolicyStore(database);
    return {
      models: [
        { trainer: transmissionTrainer, module: import.meta.resolve('@haat/risk/training'), source, ...records },
      ],
      monitored: [
        {
          name: transmissionModel.name,
          inputs: transmissionInputs(source),
          answers: {
            replayedBy: 'run',
            sample: ({ model, ...within }, { rows, seed }) => inferences.sample(model, within, rows, seed),
          },
          drift: new DriftLog(database),
          ...records,
        },
      ],
      backfills: [],
      inferences: [
        {
          definition: transmissionModel,
          module: import.meta.resolve('@haat/risk/inference'),
          state: (asOf, options, file) => stateTransmission(source, asOf, options, file),
          restate: (run, file) => restateTransmission({ facts: source, carried }, run, file),
          days: {
            importDay: (directory, day) => importRiskDay(database, directory, day),
            state: (call, file) => stateTransmissionDay({ facts: source, carried }, call, file),
          },
          pool: (run, file, chains) => poolTransmission(inferences, run, file, chains),
          async kept(run) {
            const { ref, factsDigest: digest, asOf, revision } = await inferences.ofRun(run);
            return { ref, snapshot: { digest, asOf: asOf.toISOString(), revision } };
          },
          compare: (run, file, chains) => compareTransmission(inferences, run, file, chains),
          ...records,
        },
      ],
      simulations: [
        {
          definition: transmissionModel,
          plan: ({ runId: run, context, ...simulation }) =>
            planPolicies(policies, { run, parameters: (context as TransmissionContext).parameters, ...simulation }),
          simulate: (run, seed, observer) => simulateSeed(policies, run, seed, observer),
          summarise: (run) => policyMetrics(policies, run),
          ...records,
        },
      ],
    };
  },
};
