import {
  dataAccessError,
  ModelRegistry,
  ServingLog,
  type ModelVersion as VersionRecord,
  type RegisteredModel,
  type ServingInstance,
} from '@haat/data-access';
import { domainsOf } from '@haat/kit';
import { actorOf, loaderPerRequest, perRequest } from '@haat/platform';
import { Injectable } from '@nestjs/common';
import { versionId, versionOf, type ModelVersion } from './model.types.ts';

interface Alias {
  readonly alias: string;
  readonly version: number;
}

/** What lists of models, versions and runs fan out to: one statement a request each, however long the list. */
@Injectable()
export class ModelLoaders {
  constructor(
    private readonly registry: ModelRegistry,
    private readonly servingLog: ServingLog,
  ) {}

  /** `packaging/damage@3` -> the version; null where there is none. */
  readonly versions = loaderPerRequest<string, ModelVersion | null>(async (ids) => {
    const refs = ids.map(parseVersionId);
    const found = await this.registry.versionsAt(refs.filter((ref) => ref !== null));
    const byId = new Map<string, VersionRecord>(
      found.flatMap((record) => (record ? [[versionId(record), record] as const] : [])),
    );
    return ids.map((id) => {
      const record = byId.get(id);
      return record ? versionOf(record) : null;
    });
  });

  /** Name of a model -> its aliases. */
  readonly aliases = loaderPerRequest<string, readonly Alias[]>(async (models) => {
    const all = await this.registry.aliases(models);
    return models.map((model) => all.filter((one) => one.model === model));
  });

  /** Name of a model -> what the running apps answer with. */
  readonly serving = loaderPerRequest<string, readonly ServingInstance[]>(async (models) => {
    const all = await this.servingLog.instances(models);
    return models.map((model) => all.filter((one) => one.model === model));
  });

  /** The models of the actor's domains, by name: there are few. */
  readonly models = perRequest<Promise<ReadonlyMap<string, RegisteredModel>>>(async (context) => {
    const models = await this.registry.models(domainsOf(actorOf(context)));
    return new Map(models.map((model) => [model.name, model]));
  });
}

/** The parts of `packaging/damage@3`. @throws UNKNOWN_MODEL_VERSION where it is no such id */
export function refOf(id: string): { model: string; version: number } {
  const ref = parseVersionId(id);
  if (ref !== null) return ref;
  throw dataAccessError('UNKNOWN_MODEL_VERSION', `No version "${id}": expected <model>@<version>`, { field: 'id' });
}

/** The parts of `packaging/damage@3`; null where it is no such id. */
function parseVersionId(id: string): { model: string; version: number } | null {
  const [, model, version] = /^([^@\s]{1,200})@([1-9]\d{0,8})$/.exec(id) ?? [];
  return model === undefined ? null : { model, version: Number(version) };
}
