import { Access, edgeError } from '@haat/platform';
import { PolicyStore } from '@haat/risk/store';
import { Args, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { differencesFrom, PolicyDifference, PolicySimulation, simulationOf } from './policy.types.ts';

@Resolver(() => PolicySimulation)
export class PolicyResolver {
  constructor(private readonly policies: PolicyStore) {}

  @Access('reader', 'risk')
  @Query(() => PolicySimulation, {
    nullable: true,
    description:
      'What came of a run of `simulatePolicy`, up to now where it still runs. Errors: UNKNOWN_SIMULATION, also before its first step is done.',
  })
  async policySimulation(@Args('runId', { type: () => ID }) runId: string): Promise<PolicySimulation> {
    const planned = await this.policies.planned(runId);
    return simulationOf(planned, await this.policies.outcomes(planned));
  }

  @ResolveField(() => [PolicyDifference], {
    description:
      'Every other policy less this one, seed by seed: what both have in common cancels. Errors: INVALID_ARGUMENT where no policy has that name.',
  })
  differences(
    @Parent() simulation: PolicySimulation,
    @Args('from', { type: () => String }) from: string,
  ): PolicyDifference[] {
    const { named } = simulation;
    if (named.includes(from)) return differencesFrom(simulation, from);
    throw edgeError('INVALID_ARGUMENT', `from: expected one of ${named.join(', ')}, got "${from}"`, { field: 'from' });
  }
}
