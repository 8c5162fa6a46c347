import { compareVersions, ModelRegistry, RunLog } from '@haat/data-access';
import { Access, edgeError } from '@haat/platform';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { ModelComparison } from './comparison.types.ts';
import { refOf } from './model.loaders.ts';
import { versionOf } from './model.types.ts';

@Resolver()
export class ComparisonResolver {
  constructor(
    private readonly registry: ModelRegistry,
    private readonly runs: RunLog,
  ) {}

  @Access('reader', { of: 'a' })
  @Query(() => ModelComparison, {
    description: 'Two versions of one model side by side. Errors: UNKNOWN_MODEL_VERSION, INVALID_ARGUMENT.',
  })
  async compareModelVersions(
    @Args('a', { type: () => ID }) a: string,
    @Args('b', { type: () => ID }) b: string,
  ): Promise<ModelComparison> {
    const [left, right] = [refOf(a), refOf(b)];
    if (left.model !== right.model) {
      throw edgeError('INVALID_ARGUMENT', `b: expected a version of ${left.model}, got ${b}`, { field: 'b' });
    }
    const versions = await Promise.all(
      [left, right].map(({ model, version }) => this.registry.version(model, version)),
    );
    const runs = await this.runs.readAll(versions.map(({ runId }) => runId));
    const [first, second] = versions.map((version) => ({
      version,
      run: runs.find(({ id }) => id === version.runId) ?? null,
    }));
    const { metrics, features, options, lineage, gates } = compareVersions(first!, second!);
    return {
      a: versionOf(versions[0]!),
      b: versionOf(versions[1]!),
      metrics: [...metrics],
      features: [...features],
      options: [...options],
      lineage: [...lineage],
      gates: [...gates],
      model: left.model,
    };
  }
}
