import type { OpenSampler } from '@haat/model-runtime';
import { FollowedModel } from '@haat/platform';
import type { TransmissionContext } from '@haat/risk/model';

/** The version of the transmission model that the app holds: what `transmissionParameters` answers. */
export class TransmissionVersions extends FollowedModel<OpenSampler<TransmissionContext>> {}
