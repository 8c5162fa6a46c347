import { viewFacts, type FeatureView, type ViewFacts, type ViewSource } from '@haat/features';
import type { Horizon } from '@haat/kit';

import type { Database } from '../database/database.connection.ts';
import { dataRevision } from '../platform/data.revision.ts';
import { boundParameters, inForceQuery, pointInTimeQuery } from './view.query.ts';

/** Facts of entities each at a horizon: `point[k]` is the horizon that row k of `facts` answers. */
export interface PointInTimeView<Fact extends string> {
  readonly point: Int32Array;
  readonly facts: ViewFacts<Fact>;
}

/** The facts of a `latest` view of one key in the database, bounded in both times; each read is one statement. */
export class ViewStore<Fact extends string> implements ViewSource<Fact> {
  constructor(
    private readonly database: Pick<Database, 'pool'>,
    private readonly view: FeatureView<string, Fact>,
  ) {}

  async horizon(asOf: Date): Promise<Horizon> {
    return { asOf, revision: await dataRevision(this.database, this.view.name.slice(0, this.view.name.indexOf('/'))) };
  }

  all(at: Horizon): Promise<ViewFacts<Fact>> {
    return this.#inForce(at, [], [], '');
  }

  /** The `limit` entities after the id `after` (null: from the first), by ascending id. */
  page(after: string | null, limit: number, at: Horizon): Promise<ViewFacts<Fact>> {
    return this.#inForce(at, [`${this.view.key[0]} > $3`], [after ?? '', limit], 'limit $4');
  }

  /** The entities of `ids` that are known. */
  async byId(ids: readonly string[], at: Horizon): Promise<ViewFacts<Fact>> {
    const distinct = [...new Set(ids)];
    const { facts } = await this.at(
      distinct,
      distinct.map(() => at),
    );
    return facts;
  }

  /** A point-in-time join: the facts of `ids[k]` at `points[k]`, for those that are known there. */
  async at(ids: readonly string[], points: readonly Horizon[]): Promise<PointInTimeView<Fact>> {
    const { rows } = await this.database.pool.query<[number, ...unknown[]]>({
      rowMode: 'array',
      text: pointInTimeQuery(this.view),
      values: [ids, points.map(({ asOf }) => asOf), points.map(({ revision }) => revision)],
    });
    return {
      point: Int32Array.from(rows, ([position]) => position - 1),
      facts: viewFacts(
        this.view,
        rows.map(([, ...row]) => row),
      ),
    };
  }

  async #inForce(
    { asOf, revision }: Horizon,
    where: readonly string[],
    values: readonly unknown[],
    limit: string,
  ): Promise<ViewFacts<Fact>> {
    const { rows } = await this.database.pool.query<unknown[]>({
      rowMode: 'array',
      text: inForceQuery(this.view, boundParameters, { where, limit }),
      values: [asOf, revision, ...values],
    });
    return viewFacts(this.view, rows);
  }
}
