import { readMetadata } from '@haat/model-runtime';
import type { Trainer } from '@haat/training';
import type { RiskFacts, RiskSource } from '../contract/index.ts';
import { parametersOfRates, transmissionModel, type TransmissionContext } from '../model/index.ts';
import { readFacts, writeFacts } from '../store/index.ts';
import { transmissionArtifact } from './transmission.artifact.ts';
import { learnedContext } from './transmission.estimation.ts';
import { evaluateTransmission, splitByPerson } from './transmission.evaluation.ts';

/** Days that a version is judged on. */
const DAYS = 28;

/** Makes parameters of the rates that the options name, or of estimates that begin there, and judges them by the tests of a third of the persons. */
export const transmissionTrainer: Trainer<typeof transmissionModel, RiskSource, RiskFacts> = {
  definition: transmissionModel,

  async snapshot(source, asOf, file) {
    const at = await source.horizon(asOf);
    const { rows } = await writeFacts(file, await source.facts({ ...at, days: DAYS }));
    return { rows, revision: at.revision };
  },

  /** With contacts in memory: a trainer's data outlive their file, and learning goes through them again and again. */
  async read(file) {
    const facts = await readFacts(file);
    return { ...facts, contacts: [...facts.contacts] };
  },

  async fit(facts, options, context) {
    const { seed, dataset, report } = context;
    const { seen, digest } = splitByPerson(facts);
    const given = parametersOfRates(options);
    const made = options.learn ? await learnedContext(seen, given, options, context) : { parameters: given };
    report({ fraction: null, message: 'Sampling the replay cases' });
    return transmissionArtifact(made, { dataset, heldOut: { digest }, seed, options });
  },

  async evaluate(artifact, facts) {
    const { context } = readMetadata<TransmissionContext>(artifact);
    return evaluateTransmission(facts, context.parameters);
  },
};
