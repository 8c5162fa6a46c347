import {
  contentStore,
  ServingLog,
  ServingReporter,
  ShadowLog,
  ShadowTally,
  type Database,
  type DatabaseAliases,
  type ServedAlias,
} from '@haat/data-access';
import { AliasedModel, ShadowModel, type Alias } from '@haat/model-runtime';
import { damageModel, encodeProducts, type DamageContext } from '@haat/packaging/model';
import type { ModelProvider } from '@haat/packaging/serving';
import type { Logger, Metrics } from '@haat/platform';

/** Rows that may wait for the shadow. */
const SHADOW_CAPACITY = 4_096;

/** The versions of `packaging/damage` that this app holds: the champion, which answers, and the shadow, which answers beside it. */
export class DamageModels {
  readonly champion: AliasedModel<DamageContext>;
  /** The champion, with the shadow beside it. */
  readonly shadowed: ModelProvider;
  readonly #shadow: AliasedModel<DamageContext>;
  readonly #beside: ShadowModel;
  readonly #tally: ShadowTally;
  readonly #reporter: ServingReporter;

  constructor(source: DatabaseAliases, database: Database, artifactsUrl: string, log: Logger, metrics: Metrics) {
    const store = contentStore(artifactsUrl);
    const model = damageModel.name;
    const following = (alias: Alias) =>
      new AliasedModel<DamageContext>({
        model,
        alias,
        source,
        fetch: (digest) => store.get(digest),
        encode: encodeProducts,
        log,
        onRun: (run) => metrics.modelRun(run),
        onRunFailed: (of) => metrics.modelRunFailed(of),
        onSwap: ({ ref, outcome }) => {
          metrics.modelSwaps.inc({ model: ref.model, alias, outcome });
          void this.#reporter.report();
        },
      });
    this.champion = following('champion');
    this.#shadow = following('shadow');
    this.#tally = new ShadowTally(new ShadowLog(database), (err) => log.warn({ err, model }, 'shadow not written'));
    this.#beside = new ShadowModel({
      shadow: this.#shadow,
      tolerance: damageModel.serving.shadowTolerance ?? 0,
      capacity: SHADOW_CAPACITY,
      log,
      onOutcome: (outcome) => {
        metrics.shadowOutcome(outcome);
        this.#tally.add(outcome);
      },
    });
    this.#reporter = new ServingReporter(
      new ServingLog(database),
      () => [servedBy(this.champion, model, 'champion'), servedBy(this.#shadow, model, 'shadow')],
      (err) => log.warn({ err, model }, 'what is served was not reported'),
    );
    this.shadowed = { acquire: async () => this.#beside.beside(await this.champion.acquire()) };
  }

  /** Resolves after the first look at the registry, whatever was found. */
  async start(): Promise<void> {
    await Promise.all([this.champion.start(), this.#shadow.start()]);
    await this.#reporter.report();
  }

  async stop(): Promise<void> {
    await Promise.all([this.champion.stop(), this.#shadow.stop()]);
    await this.#beside.drain();
    await this.#tally.close();
    await this.#reporter.close();
  }
}

function servedBy({ serving, refusal }: AliasedModel<DamageContext>, model: string, alias: Alias): ServedAlias {
  const refused = refusal && { version: refusal.ref.version, code: refusal.code, reason: refusal.reason };
  return { model, alias, version: serving?.version ?? null, refused };
}
