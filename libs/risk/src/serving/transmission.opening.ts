import { samplerArtifacts } from '@haat/model-runtime';
import { sampleTransmission, type TransmissionContext } from '../model/index.ts';

/** How artifacts of `risk/transmission` are opened: parameters that sample what their cases say. */
export const openTransmission = samplerArtifacts<TransmissionContext>(sampleTransmission);
