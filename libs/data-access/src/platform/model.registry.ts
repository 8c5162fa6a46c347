import { In, LessThan, Raw } from 'typeorm';

import type { ModelCard, ModelRef } from '@haat/kit';

import { dataAccessError } from '../data-access.errors.ts';
import type { Database } from '../database/database.connection.ts';
import { ModelAliasEntity, ModelEntity, ModelVersionEntity } from './platform.entities.ts';
import type { ModelAlias, ModelVersion, NewModelVersion, RegisteredModel } from './platform.records.ts';

/** Statement that waits until nobody else numbers or changes versions of model $1, and keeps others waiting to the end of the transaction. */
export const lockModel = `select pg_advisory_xact_lock(hashtextextended('haat_model_version/' || $1, 0))`;

/** Models, their versions, and which version holds which alias. */
export class ModelRegistry {
  constructor(private readonly database: Database) {}

  /** Stores the card of a model's newest declaration. */
  async saveCard(card: ModelCard): Promise<void> {
    await this.database.pool.query(
      `insert into platform.model (name, card) values ($1, $2)
       on conflict (name) do update set card = excluded.card, updated_at = now() where model.card <> excluded.card`,
      [card.name, JSON.stringify(card)],
    );
  }

  /** All models, or those of `domains`, by name. */
  models(domains?: readonly string[]): Promise<RegisteredModel[]> {
    const name = domains && Raw((column) => `split_part(${column}, '/', 1) = any(:domains)`, { domains });
    return this.#of(ModelEntity).find({ where: { ...(name && { name }) }, order: { name: 'ASC' } });
  }

  /** @throws UNKNOWN_MODEL */
  async model(name: string): Promise<RegisteredModel> {
    const model = await this.#of(ModelEntity).findOneBy({ name });
    if (model === null) throw unknownModel(name);
    return model;
  }

  /**
   * Registers what a run trained, as the model's next version. A second call with the same run id answers the first version.
   * @throws UNKNOWN_MODEL when the model's card was never saved.
   */
  async register(candidate: NewModelVersion): Promise<ModelVersion> {
    await this.database.source.transaction(async (tx) => {
      await tx.query(lockModel, [candidate.model]);
      if (!(await tx.existsBy(ModelEntity, { name: candidate.model }))) throw unknownModel(candidate.model);
      const { dataset, ...rest } = candidate;
      await tx.query(
        `insert into platform.model_version (model, version, digest, bytes, run_id, card, metrics, gates, gates_passed,
           evaluation, dataset_digest, dataset_rows, as_of, data_revision, code_revision)
         select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
         from platform.model_version where model = $1
         on conflict (run_id) do nothing`,
        [
          rest.model,
          rest.digest,
          rest.bytes,
          rest.runId,
          JSON.stringify(rest.card),
          JSON.stringify(rest.metrics),
          JSON.stringify(rest.gates),
          rest.gates.every(({ passed }) => passed),
          JSON.stringify(rest.evaluation),
          dataset.digest,
          dataset.rows,
          dataset.asOf,
          dataset.revision,
          rest.codeRevision ?? null,
        ],
      );
    });
    return this.#of(ModelVersionEntity).findOneByOrFail({ runId: candidate.runId });
  }

  /** @throws UNKNOWN_MODEL_VERSION */
  async version(model: string, version: number): Promise<ModelVersion> {
    const found = await this.#of(ModelVersionEntity).findOneBy({ model, version });
    if (found === null) throw unknownVersion(model, version);
    return found;
  }

  /** The version that a run registered; null while there is none. */
  versionOfRun(runId: string): Promise<ModelVersion | null> {
    return this.#of(ModelVersionEntity).findOneBy({ runId });
  }

  /** The versions that `refs` name, in their order; null for one that does not exist. One statement. */
  async versionsAt(refs: readonly Pick<ModelRef, 'model' | 'version'>[]): Promise<(ModelVersion | null)[]> {
    const found = await this.#of(ModelVersionEntity).find({
      where: [...new Set(refs.map(({ model }) => model))].map((model) => ({
        model,
        version: In(refs.filter((ref) => ref.model === model).map(({ version }) => version)),
      })),
    });
    return refs.map(
      ({ model, version }) => found.find((one) => one.model === model && one.version === version) ?? null,
    );
  }

  /** Versions of a model, newest first, below version `before` where given. */
  versions(model: string, first: number, before?: number): Promise<ModelVersion[]> {
    const version = before === undefined ? {} : { version: LessThan(before) };
    return this.#of(ModelVersionEntity).find({ where: { model, ...version }, order: { version: 'DESC' }, take: first });
  }

  /** Which version holds which alias, of the models named or of all. */
  aliases(models?: readonly string[]): Promise<ModelAliasEntity[]> {
    return this.#of(ModelAliasEntity).findBy(models === undefined ? {} : { model: In([...models]) });
  }

  /** The version that an alias of a model stands for; null where it stands for none. */
  async holder(model: string, alias: ModelAlias): Promise<ModelRef | null> {
    const { rows } = await this.database.pool.query<ModelRef>(
      `select model, version, digest from platform.model_alias join platform.model_version using (model, version)
       where model = $1 and alias = $2`,
      [model, alias],
    );
    return rows[0] ?? null;
  }

  /** The champion of a model; null while none is promoted. */
  champion(model: string): Promise<ModelRef | null> {
    return this.holder(model, 'champion');
  }

  /** Versions that were trained on a snapshot, of these domains or of all; by model, newest first. */
  versionsOfDataset(datasetDigest: string, domains?: readonly string[]): Promise<ModelVersion[]> {
    const query = this.#of(ModelVersionEntity)
      .createQueryBuilder('v')
      .where('v.datasetDigest = :datasetDigest', { datasetDigest });
    if (domains !== undefined) query.andWhere(`split_part(v.model, '/', 1) = any(:domains)`, { domains });
    return query.orderBy('v.model').addOrderBy('v.version', 'DESC').getMany();
  }

  #of<E extends ModelEntity | ModelVersionEntity | ModelAliasEntity>(entity: new () => E) {
    return this.database.source.getRepository(entity);
  }
}

const unknownModel = (model: string) =>
  dataAccessError('UNKNOWN_MODEL', `Model "${model}" is not registered`, { model });

export const unknownVersion = (model: string, version: number) =>
  dataAccessError('UNKNOWN_MODEL_VERSION', `Model "${model}" has no version ${version}`, { model, version });
