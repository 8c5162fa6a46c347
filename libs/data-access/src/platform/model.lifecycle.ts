import type pg from 'pg';

import { domainOf, type Actor } from '@haat/kit';

import { dataAccessError } from '../data-access.errors.ts';
import { inTransaction, type Database } from '../database/database.connection.ts';
import { formerChampion, type Promotion } from './alias.history.ts';
import { AuditTrail } from './audit.trail.ts';
import { lockModel, ModelRegistry, unknownVersion } from './model.registry.ts';
import type { GateOutcome, ModelAlias, ModelVersion } from './platform.records.ts';

/** The channel on which a change of an alias is told; the payload is `<model>:<alias>`. */
export const ALIAS_CHANNEL = 'haat_alias';

/** Who changes something, and why: what the audit trail keeps. */
export interface Deed {
  readonly actor: Pick<Actor, 'subject' | 'origin'>;
  readonly reason?: string | undefined;
  /** What else the entry shall tell, such as the run that promoted. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface ChampionExpectation {
  /** Version that the caller believes to be the champion, 0 for none; another one is CHAMPION_CHANGED. Absent: whichever. */
  readonly expectedChampion?: number | undefined;
}

interface VersionRow {
  readonly gates: readonly GateOutcome[];
  readonly gatesPassed: boolean;
  readonly archivedAt: Date | null;
  readonly collectedAt: Date | null;
}

/**
 * What people and runs do to versions. Changes of one model happen one after the other, each with its entry in the audit trail
 * in one transaction; asking again for what is so already changes and records nothing.
 */
export class ModelLifecycle {
  readonly #registry: ModelRegistry;
  readonly #audit: AuditTrail;

  constructor(private readonly database: Database) {
    this.#registry = new ModelRegistry(database);
    this.#audit = new AuditTrail(database);
  }

  /** Lets a version answer. @throws UNKNOWN_MODEL_VERSION, GATES_NOT_PASSED, VERSION_ARCHIVED, CHAMPION_CHANGED */
  promote(model: string, version: number, deed: Deed, expectation: ChampionExpectation = {}): Promise<ModelVersion> {
    return this.#changing(model, async (client) => {
      const row = await versionRow(client, model, version);
      if (!row.gatesPassed) throw gatesNotPassed(model, version, row.gates);
      refuseArchived(model, version, row);
      await this.#makeChampion(client, model, version, deed, expectation, false);
      return version;
    });
  }

  /**
   * Lets the champion before this one answer again (one that is archived is passed over), or the earlier champion `to`.
   * @throws NO_FORMER_CHAMPION, NOT_A_FORMER_CHAMPION, VERSION_ARCHIVED, CHAMPION_CHANGED
   */
  rollback(
    model: string,
    deed: Deed,
    { to, expectedChampion }: ChampionExpectation & { readonly to?: number | undefined } = {},
  ): Promise<ModelVersion> {
    return this.#changing(model, async (client) => {
      const current = await holderOf(client, model, 'champion');
      if (to === undefined) refuseUnexpected(model, current, { expectedChampion });
      const target = to ?? (await this.#championBefore(client, model, current));
      if (to !== undefined) await refuseStranger(client, model, to);
      refuseArchived(model, target, await versionRow(client, model, target));
      await this.#makeChampion(client, model, target, deed, { expectedChampion }, true);
      return target;
    });
  }

  /** Gives an alias that does not answer to a version, or to none. @throws UNKNOWN_MODEL_VERSION, VERSION_ARCHIVED */
  async assign(
    model: string,
    alias: Exclude<ModelAlias, 'champion'>,
    version: number | null,
    deed: Deed,
  ): Promise<void> {
    await inTransaction(this.database, async (client) => {
      await client.query(lockModel, [model]);
      if (version !== null) refuseArchived(model, version, await versionRow(client, model, version));
      const before = await holderOf(client, model, alias);
      if (before !== version) await this.#move(client, model, alias, before, version, deed, 'model.alias');
    });
  }

  /**
   * Puts a version aside: it cannot be promoted, and after a time its artifact may be collected.
   * @throws UNKNOWN_MODEL_VERSION, VERSION_HOLDS_ALIAS, VERSION_AWAITS_APPROVAL
   */
  archive(model: string, version: number, deed: Deed): Promise<ModelVersion> {
    return this.#changing(model, async (client) => {
      if ((await versionRow(client, model, version)).archivedAt !== null) return version;
      await refuseNeeded(client, model, version);
      await client.query('update platform.model_version set archived_at = now() where model = $1 and version = $2', [
        model,
        version,
      ]);
      await this.#record(client, model, version, 'model.archive', deed);
      return version;
    });
  }

  /** Takes an archived version back. @throws UNKNOWN_MODEL_VERSION, CONTENT_COLLECTED */
  unarchive(model: string, version: number, deed: Deed): Promise<ModelVersion> {
    return this.#changing(model, async (client) => {
      const { archivedAt, collectedAt } = await versionRow(client, model, version);
      if (archivedAt === null) return version;
      if (collectedAt !== null) {
        throw dataAccessError(
          'CONTENT_COLLECTED',
          `${model}@${version} cannot be taken back: what it needs was collected at ${collectedAt.toISOString()}; train it anew`,
          { model, version },
        );
      }
      await client.query('update platform.model_version set archived_at = null where model = $1 and version = $2', [
        model,
        version,
      ]);
      await this.#record(client, model, version, 'model.unarchive', deed);
      return version;
    });
  }

  async #changing(model: string, change: (client: pg.PoolClient) => Promise<number>): Promise<ModelVersion> {
    const version = await inTransaction(this.database, async (client) => {
      await client.query(lockModel, [model]);
      return change(client);
    });
    return this.#registry.version(model, version);
  }

  async #makeChampion(
    client: pg.PoolClient,
    model: string,
    version: number,
    deed: Deed,
    expectation: ChampionExpectation,
    rollback: boolean,
  ): Promise<void> {
    const before = await holderOf(client, model, 'champion');
    if (before === version) return;
    refuseUnexpected(model, before, expectation);
    await this.#move(client, model, 'champion', before, version, deed, rollback ? 'model.rollback' : 'model.promote');
  }

  async #move(
    client: pg.PoolClient,
    model: string,
    alias: ModelAlias,
    before: number | null,
    version: number | null,
    deed: Deed,
    action: string,
  ): Promise<void> {
    await (version === null
      ? client.query('delete from platform.model_alias where model = $1 and alias = $2', [model, alias])
      : client.query(
          `insert into platform.model_alias (model, alias, version) values ($1, $2, $3)
           on conflict (model, alias) do update set version = excluded.version, changed_at = now()`,
          [model, alias, version],
        ));
    await client.query(
      `insert into platform.alias_change (model, alias, version, previous_version, rollback) values ($1, $2, $3, $4, $5)`,
      [model, alias, version, before, action === 'model.rollback'],
    );
    await this.#record(client, model, version ?? before!, action, {
      ...deed,
      details: { ...deed.details, alias, from: before, to: version },
    });
    await client.query('select pg_notify($1, $2)', [ALIAS_CHANNEL, `${model}:${alias}`]);
  }

  #record(client: pg.PoolClient, model: string, version: number, action: string, deed: Deed): Promise<void> {
    return this.#audit.record({ ...deed, action, subject: `${model}@${version}`, domain: domainOf(model) }, client);
  }

  async #championBefore(client: pg.PoolClient, model: string, current: number | null): Promise<number> {
    const { rows: promotions } = await client.query<Promotion>(
      `select distinct on (version) version, previous_version as "previousVersion", archived_at is not null as archived
       from platform.alias_change join platform.model_version using (model, version)
       where model = $1 and alias = 'champion' and not rollback order by version, id desc`,
      [model],
    );
    const former = current === null ? null : formerChampion(promotions, current);
    if (former !== null) return former;
    throw dataAccessError('NO_FORMER_CHAMPION', `${model} has no earlier champion to roll back to`, {
      model,
      champion: current ?? 0,
    });
  }
}

async function versionRow(client: pg.PoolClient, model: string, version: number): Promise<VersionRow> {
  const { rows } = await client.query<VersionRow>(
    `select gates, gates_passed as "gatesPassed", archived_at as "archivedAt", collected_at as "collectedAt"
     from platform.model_version where model = $1 and version = $2 for update`,
    [model, version],
  );
  if (rows[0] === undefined) throw unknownVersion(model, version);
  return rows[0];
}

async function holderOf(client: pg.PoolClient, model: string, alias: ModelAlias): Promise<number | null> {
  const { rows } = await client.query<{ version: number }>(
    'select version from platform.model_alias where model = $1 and alias = $2',
    [model, alias],
  );
  return rows[0]?.version ?? null;
}

/** @throws CHAMPION_CHANGED */
function refuseUnexpected(model: string, champion: number | null, { expectedChampion }: ChampionExpectation): void {
  if (expectedChampion === undefined || expectedChampion === (champion ?? 0)) return;
  const name = (version: number) => (version === 0 ? 'none' : `version ${version}`);
  throw dataAccessError(
    'CHAMPION_CHANGED',
    `${model}: expected as champion ${name(expectedChampion)}, and it is ${name(champion ?? 0)}`,
    { model, expected: expectedChampion, champion: champion ?? 0 },
  );
}

/** @throws NOT_A_FORMER_CHAMPION */
async function refuseStranger(client: pg.PoolClient, model: string, version: number): Promise<void> {
  const { rowCount } = await client.query(
    `select from platform.alias_change where model = $1 and alias = 'champion' and version = $2 limit 1`,
    [model, version],
  );
  if (rowCount !== 0) return;
  throw dataAccessError(
    'NOT_A_FORMER_CHAMPION',
    `${model}@${version} never was the champion: expected one that was; promote it instead`,
    { model, version },
  );
}

/** @throws VERSION_HOLDS_ALIAS, VERSION_AWAITS_APPROVAL */
async function refuseNeeded(client: pg.PoolClient, model: string, version: number): Promise<void> {
  const { rows: held } = await client.query<{ alias: string }>(
    'select alias from platform.model_alias where model = $1 and version = $2 order by alias',
    [model, version],
  );
  if (held.length > 0) {
    const aliases = held.map(({ alias }) => alias);
    throw dataAccessError(
      'VERSION_HOLDS_ALIAS',
      `${model}@${version} is the ${aliases.join(', ')}: not to be archived`,
      {
        model,
        version,
        aliases,
      },
    );
  }
  const { rows: waiting } = await client.query<{ runId: string }>(
    `select run_id as "runId" from platform.approval where model = $1 and version = $2 and state = 'waiting'`,
    [model, version],
  );
  if (waiting.length > 0) {
    throw dataAccessError(
      'VERSION_AWAITS_APPROVAL',
      `${model}@${version} waits for an approval (run ${waiting[0]!.runId}): decide it first`,
      { model, version, run: waiting[0]!.runId },
    );
  }
}

/** @throws VERSION_ARCHIVED */
function refuseArchived(model: string, version: number, { archivedAt }: VersionRow): void {
  if (archivedAt === null) return;
  throw dataAccessError(
    'VERSION_ARCHIVED',
    `${model}@${version} is archived since ${archivedAt.toISOString()}: take it back first`,
    { model, version },
  );
}

function gatesNotPassed(model: string, version: number, gates: readonly GateOutcome[]) {
  const failed = gates.filter(({ passed }) => !passed);
  return dataAccessError(
    'GATES_NOT_PASSED',
    `${model}@${version} cannot be promoted: ${failed.map(({ gate, evidence }) => `${gate} (${evidence})`).join('; ')}`,
    { model, version, gates: failed.map(({ gate }) => gate) },
  );
}
