import type { GatewayClient } from './gateway.client.ts';
import { versionFields, type Version } from './model.queries.ts';

export interface ComparedMetric {
  readonly name: string;
  readonly unit: string | null;
  readonly a: number | null;
  readonly b: number | null;
  readonly better: 'a' | 'b' | 'same' | null;
}

export interface ComparedFact {
  readonly name: string;
  readonly a: string | null;
  readonly b: string | null;
  readonly same: boolean;
}

/** Two versions of one model side by side. */
export interface Comparison {
  readonly a: { readonly id: string };
  readonly b: { readonly id: string };
  readonly metrics: readonly ComparedMetric[];
  readonly features: readonly ComparedFact[];
  readonly options: readonly ComparedFact[];
  readonly lineage: readonly ComparedFact[];
  readonly gates: readonly ComparedFact[];
}

/** What an operator may say beside what is to be done. */
export interface Reasoned {
  readonly reason?: string;
}

/** @throws UNKNOWN_MODEL_VERSION, INVALID_ARGUMENT */
export async function compare(gateway: GatewayClient, a: string, b: string): Promise<Comparison> {
  const fact = '{ name a b same }';
  const { compareModelVersions } = await gateway.ask<{ compareModelVersions: Comparison }>(
    `query CliCompare($a: ID!, $b: ID!) { compareModelVersions(a: $a, b: $b) {
  a { id } b { id } metrics { name unit a b better } features ${fact} options ${fact} lineage ${fact} gates ${fact}
} }`,
    { a, b },
  );
  return compareModelVersions;
}

/** @throws UNKNOWN_MODEL_VERSION, GATES_NOT_PASSED, VERSION_ARCHIVED, CHAMPION_CHANGED */
export async function promote(
  gateway: GatewayClient,
  id: string,
  said: Reasoned & { readonly expectedChampion?: number },
): Promise<Version> {
  const { promoteModel } = await gateway.ask<{ promoteModel: Version }>(
    `mutation CliPromote($id: ID!, $reason: String, $expectedChampion: Int) {
  promoteModel(id: $id, reason: $reason, expectedChampion: $expectedChampion) { ${versionFields} }
}`,
    { id, ...said },
  );
  return promoteModel;
}

/** @throws NO_FORMER_CHAMPION, NOT_A_FORMER_CHAMPION, VERSION_ARCHIVED, CHAMPION_CHANGED */
export async function rollback(
  gateway: GatewayClient,
  model: string,
  said: Reasoned & { readonly to?: number; readonly expectedChampion?: number },
): Promise<Version> {
  const { rollbackModel } = await gateway.ask<{ rollbackModel: Version }>(
    `mutation CliRollback($model: ID!, $to: Int, $reason: String, $expectedChampion: Int) {
  rollbackModel(model: $model, to: $to, reason: $reason, expectedChampion: $expectedChampion) { ${versionFields} }
}`,
    { model, ...said },
  );
  return rollbackModel;
}

/** @throws UNKNOWN_MODEL_VERSION, VERSION_HOLDS_ALIAS, VERSION_AWAITS_APPROVAL, CONTENT_COLLECTED */
export async function setArchived(
  gateway: GatewayClient,
  id: string,
  archived: boolean,
  said: Reasoned,
): Promise<Version> {
  const mutation = archived ? 'archiveModelVersion' : 'unarchiveModelVersion';
  const { version } = await gateway.ask<{ version: Version }>(
    `mutation CliArchive($id: ID!, $reason: String) { version: ${mutation}(id: $id, reason: $reason) { ${versionFields} } }`,
    { id, ...said },
  );
  return version;
}

/** Without a version, none holds the alias. @throws UNKNOWN_MODEL, UNKNOWN_MODEL_VERSION, VERSION_ARCHIVED */
export async function setAlias(
  gateway: GatewayClient,
  model: string,
  alias: 'challenger' | 'shadow',
  said: Reasoned & { readonly version?: number },
): Promise<void> {
  await gateway.ask(
    `mutation CliAlias($model: ID!, $alias: BesideAlias!, $version: Int, $reason: String) {
  setModelAlias(model: $model, alias: $alias, version: $version, reason: $reason) { name }
}`,
    { model, alias, ...said },
  );
}

/** How a shadow differed from the champion on one day. */
export interface ShadowDay {
  readonly day: string;
  readonly champion: number;
  readonly shadow: number;
  readonly rows: number;
  readonly differing: number;
  readonly dropped: number;
  readonly failed: number;
  readonly largest: number;
}

/** @throws UNKNOWN_MODEL */
export async function shadowDays(gateway: GatewayClient, model: string, days: number): Promise<readonly ShadowDay[]> {
  const { model: found } = await gateway.ask<{ model: { shadowDays: readonly ShadowDay[] } }>(
    `query CliShadow($name: ID!, $first: Int!) {
  model(name: $name) { shadowDays(first: $first) { day champion shadow rows differing dropped failed largest } }
}`,
    { name: model, first: days },
  );
  return found.shadowDays;
}

/** A snapshot, and what became of it. */
export interface Dataset {
  readonly digest: string;
  readonly rows: number;
  readonly asOf: string;
  readonly predictionCount: number;
  readonly versions: readonly {
    readonly id: string;
    readonly digest: string;
    readonly aliases: readonly string[];
    readonly archivedAt: string | null;
  }[];
}

/** Null where no version was trained on it. */
export async function datasetOf(gateway: GatewayClient, digest: string): Promise<Dataset | null> {
  const { dataset } = await gateway.ask<{ dataset: Dataset | null }>(
    'query CliDataset($digest: ID!) { dataset(digest: $digest) { digest rows asOf predictionCount versions { id digest aliases archivedAt } } }',
    { digest },
  );
  return dataset;
}

/** The snapshot that a recorded prediction goes back to; null where there is no such prediction. */
export async function datasetDigestOf(gateway: GatewayClient, predictionId: string): Promise<string | null> {
  const { prediction } = await gateway.ask<{
    prediction: { version: { lineage: { datasetDigest: string } } | null } | null;
  }>('query CliPrediction($id: ID!) { prediction(id: $id) { version { lineage { datasetDigest } } } }', {
    id: predictionId,
  });
  return prediction?.version?.lineage.datasetDigest ?? null;
}

export interface GarbageReport {
  readonly dryRun: boolean;
  readonly collected: readonly { readonly digest: string; readonly bytes: number; readonly why: string }[];
  readonly kept: readonly { readonly digest: string; readonly bytes: number; readonly why: string }[];
}

export async function collectGarbage(
  gateway: GatewayClient,
  dryRun: boolean,
  olderThanDays: number,
): Promise<GarbageReport> {
  const { collectGarbage: report } = await gateway.ask<{ collectGarbage: GarbageReport }>(
    `mutation CliGarbage($dryRun: Boolean!, $olderThanDays: Int!) {
  collectGarbage(dryRun: $dryRun, olderThanDays: $olderThanDays) {
    dryRun collected { digest bytes why } kept { digest bytes why }
  }
}`,
    { dryRun, olderThanDays },
  );
  return report;
}
