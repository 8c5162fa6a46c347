import { contentStore, ServingLog, ServingReporter, type Database, type ServedAlias } from '@haat/data-access';
import {
  AliasedModel,
  type Alias,
  type AliasSource,
  type OpenArtifact,
  type ProvenArtifact,
} from '@haat/model-runtime';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export interface FollowedModelOptions<Open extends ProvenArtifact> {
  /** `domain/model`. */
  readonly model: string;
  readonly aliases: readonly Alias[];
  readonly open: OpenArtifact<Open>;
  readonly source: AliasSource;
  /** As a role of the model's domain. */
  readonly database: Database;
  readonly artifactsUrl: string;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The versions of one model that an app holds: each alias followed, its runs and swaps counted, and what serves told to the database. */
export class FollowedModel<Open extends ProvenArtifact> {
  readonly #followed: ReadonlyMap<Alias, AliasedModel<Open>>;
  readonly #reporter: ServingReporter;

  constructor({ model, aliases, open, source, database, artifactsUrl, log, metrics }: FollowedModelOptions<Open>) {
    const store = contentStore(artifactsUrl);
    const following = (alias: Alias) =>
      new AliasedModel<Open>({
        model,
        alias,
        source,
        fetch: (digest) => store.get(digest),
        open,
        log,
        onRun: (run) => metrics.modelRun(run),
        onRunFailed: (of) => metrics.modelRunFailed(of),
        onSwap: ({ ref, outcome }) => {
          metrics.modelSwaps.inc({ model: ref.model, alias, outcome });
          void this.#reporter.report();
        },
      });
    this.#followed = new Map(aliases.map((alias) => [alias, following(alias)]));
    this.#reporter = new ServingReporter(
      new ServingLog(database),
      () => Array.from(this.#followed, ([alias, followed]) => servedBy(followed, model, alias)),
      (err) => log.warn({ err, model }, 'what is served was not reported'),
    );
  }

  /** The version under an alias that is followed. */
  under(alias: Alias): AliasedModel<Open> {
    const followed = this.#followed.get(alias);
    if (followed === undefined) throw new Error(`the alias ${alias} is not followed`);
    return followed;
  }

  /** Resolves after the first look at the registry, whatever was found. */
  async start(): Promise<void> {
    await Promise.all(Array.from(this.#followed.values(), (followed) => followed.start()));
    await this.#reporter.report();
  }

  /** `settle` may finish with the versions before the last report. */
  async stop(settle: () => Promise<void> = async () => undefined): Promise<void> {
    await Promise.all(Array.from(this.#followed.values(), (followed) => followed.stop()));
    await settle();
    await this.#reporter.close();
  }
}

function servedBy<Open extends ProvenArtifact>(
  { serving, refusal }: AliasedModel<Open>,
  model: string,
  alias: Alias,
): ServedAlias {
  const refused = refusal && { version: refusal.ref.version, code: refusal.code, reason: refusal.reason };
  return { model, alias, version: serving?.version ?? null, refused };
}
