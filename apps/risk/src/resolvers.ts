import { JsonObjectScalar } from '@haat/platform';
import { AccessResolver } from './access.resolver.ts';
import { AllocationResolver } from './allocation.resolver.ts';
import { PersonResolver, RiskExplanationResolver, RiskTimelineResolver } from './person.resolver.ts';
import { PolicyResolver } from './policy.resolver.ts';
import { RiskLoaders } from './risk.loaders.ts';
import { TransmissionResolver } from './transmission.resolver.ts';

/** What answers the subgraph's fields. */
export const resolvers = [
  JsonObjectScalar,
  RiskLoaders,
  PersonResolver,
  RiskTimelineResolver,
  RiskExplanationResolver,
  TransmissionResolver,
  AccessResolver,
  PolicyResolver,
  AllocationResolver,
] as const;
