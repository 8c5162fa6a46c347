import type { ContentStore, ModelRegistry } from '@haat/data-access';
import { DomainError, type ModelRef } from '@haat/kit';
import { readMetadata } from '@haat/model-runtime';
import { transmissionModel, type TransmissionContext } from '@haat/risk/model';

/** What the artifacts of all versions hold, read where somebody asks. */
export class TransmissionHistory {
  constructor(
    private readonly registry: Pick<ModelRegistry, 'versions' | 'version'>,
    private readonly artifacts: Pick<ContentStore, 'get'>,
  ) {}

  /** The newest first, below version `before`. */
  async versions(first: number, before?: number): Promise<readonly ModelRef[]> {
    const versions = await this.registry.versions(transmissionModel.name, first, before);
    return versions.map(({ model, version, digest }) => ({ model, version, digest }));
  }

  /** What the artifact of a version holds; null where it was collected. One that is gone and should be there is a fault; so is CONTENT_DAMAGED. */
  async contextOf({ model, version, digest }: ModelRef): Promise<TransmissionContext | null> {
    try {
      return readMetadata<TransmissionContext>(await this.artifacts.get(digest)).context;
    } catch (failure) {
      if (!(failure instanceof DomainError) || failure.code !== 'CONTENT_MISSING') throw failure;
      // Asked anew: it may have been collected since its version was read.
      const { collectedAt } = await this.registry.version(model, version);
      if (collectedAt === null) throw new Error(`${model}@${version}: its artifact is gone`, { cause: failure });
      return null;
    }
  }
}
