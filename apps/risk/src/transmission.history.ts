import type { ContentStore, ModelRegistry } from '@haat/data-access';
import type { ModelRef } from '@haat/kit';
import { readMetadata } from '@haat/model-runtime';
import { transmissionModel, type TransmissionContext } from '@haat/risk/model';

/** What the artifacts of all versions hold, read where somebody asks. */
export class TransmissionHistory {
  constructor(
    private readonly registry: Pick<ModelRegistry, 'versions'>,
    private readonly artifacts: Pick<ContentStore, 'get'>,
  ) {}

  /** The newest first, below version `before`. Errors: CONTENT_MISSING, CONTENT_DAMAGED. */
  async page(
    first: number,
    before?: number,
  ): Promise<readonly { readonly ref: ModelRef; readonly context: TransmissionContext }[]> {
    const versions = await this.registry.versions(transmissionModel.name, first, before);
    return Promise.all(
      versions.map(async ({ model, version, digest }) => {
        const { context } = readMetadata<TransmissionContext>(await this.artifacts.get(digest));
        return { ref: { model, version, digest }, context };
      }),
    );
  }
}
