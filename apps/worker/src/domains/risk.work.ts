import { transmissionModel } from '@haat/risk/model';
import { poolTransmission, stateTransmission, stateTransmissionDay } from '@haat/risk/inference';
import { CarriedStore, importRiskDay, InferenceStore, RiskStore } from '@haat/risk/store';
import { transmissionTrainer } from '@haat/risk/training';
import type { WorkingDomain } from './domain.work.ts';

export const riskWork: WorkingDomain = {
  entities: [],
  work({ database, records }) {
    const source = new RiskStore(database);
    const carried = new CarriedStore(database);
    const inferences = new InferenceStore(database);
    return {
      models: [
        { trainer: transmissionTrainer, module: import.meta.resolve('@haat/risk/training'), source, ...records },
      ],
      monitored: [],
      backfills: [],
      inferences: [
        {
          definition: transmissionModel,
          module: import.meta.resolve('@haat/risk/inference'),
          state: (asOf, options, file) => stateTransmission(source, asOf, options, file),
          days: {
            importDay: (directory, day) => importRiskDay(database, directory, day),
            state: (call, file) => stateTransmissionDay({ facts: source, carried }, call, file),
          },
          pool: (run, file, chains) => poolTransmission(inferences, run, file, chains),
          ...records,
        },
      ],
    };
  },
};
