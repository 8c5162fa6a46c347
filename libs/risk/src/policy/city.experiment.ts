import { cityMeetings, cityParameters } from '@haat/simulators';
import type { RiskParameters } from '../contract/index.ts';
import type { PolicyOptions } from '../model/index.ts';
import { checkExperiment } from './experiment.check.ts';
import { policyError } from './policy.errors.ts';
import type { PolicyExperiment } from './policy.experiment.ts';

/**
 * The experiment in which policies meet outbreaks of a city whose disease is that of the parameters.
 * Errors: INVALID_EXPERIMENT where the parameters leave out a channel of the city, or the kind of test, and where it is more than a limit allows.
 */
export function cityExperiment(
  { persons, days, start, capacity, kind, adoption, policies }: PolicyOptions,
  parameters: RiskParameters,
  seeds: readonly number[],
): PolicyExperiment {
  const placeOf = (field: string, named: readonly { readonly name: string }[], name: string) => {
    const place = named.findIndex((one) => one.name === name);
    if (place >= 0) return place;
    const expected = `one of ${named.map((one) => one.name).join(', ')}`;
    throw policyError('INVALID_EXPERIMENT', `Experiment: field ${field}: expected ${expected}, got ${name}`, {
      field,
      expected,
    });
  };
  const meetings = cityMeetings.map((meeting) => ({
    ...meeting,
    channel: placeOf('channels', parameters.channels, cityParameters.channels[meeting.channel]!.name),
  }));
  const experiment: PolicyExperiment = {
    world: { persons, days, parameters, meetings, adoption },
    start,
    capacity,
    kind: placeOf('kind', parameters.tests, kind),
    seeds,
    policies,
  };
  checkExperiment(experiment);
  return experiment;
}

/** So many seeds from a first one on. */
export function seedsFrom(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, k) => first + k);
}
