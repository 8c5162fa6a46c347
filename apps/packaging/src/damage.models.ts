import { ShadowLog, ShadowTally, type Database, type DatabaseAliases } from '@haat/data-access';
import { ShadowModel, type AliasedModel, type OpenModel } from '@haat/model-runtime';
import { damageModel, type DamageContext } from '@haat/packaging/model';
import { openDamage, type ModelProvider } from '@haat/packaging/serving';
import { FollowedModel, type Logger, type Metrics } from '@haat/platform';

/** Rows that may wait for the shadow. */
const SHADOW_CAPACITY = 4_096;

/** The versions of `packaging/damage` that this app holds: the champion, which answers, and the shadow, which answers beside it. */
export class DamageModels {
  readonly champion: AliasedModel<OpenModel<DamageContext>>;
  /** The champion, with the shadow beside it. */
  readonly shadowed: ModelProvider;
  readonly #followed: FollowedModel<OpenModel<DamageContext>>;
  readonly #beside: ShadowModel;
  readonly #tally: ShadowTally;

  constructor(source: DatabaseAliases, database: Database, artifactsUrl: string, log: Logger, metrics: Metrics) {
    const model = damageModel.name;
    this.#followed = new FollowedModel({
      model,
      aliases: ['champion', 'shadow'],
      open: openDamage,
      source,
      database,
      artifactsUrl,
      log,
      metrics,
    });
    this.champion = this.#followed.under('champion');
    this.#tally = new ShadowTally(new ShadowLog(database), (err) => log.warn({ err, model }, 'shadow not written'));
    this.#beside = new ShadowModel({
      shadow: this.#followed.under('shadow'),
      tolerance: damageModel.serving.shadowTolerance ?? 0,
      capacity: SHADOW_CAPACITY,
      log,
      onOutcome: (outcome) => {
        metrics.shadowOutcome(outcome);
        this.#tally.add(outcome);
      },
    });
    this.shadowed = { acquire: async () => this.#beside.beside(await this.champion.acquire()) };
  }

  /** Resolves after the first look at the registry, whatever was found. */
  start(): Promise<void> {
    return this.#followed.start();
  }

  stop(): Promise<void> {
    return this.#followed.stop(async () => {
      await this.#beside.drain();
      await this.#tally.close();
    });
  }
}
