import { HAAT, type ModelRef } from '@haat/kit';
import type { GateResult } from '@haat/workflows';

import { cliError } from '../cli.errors.ts';
import type { GatewayClient } from './gateway.client.ts';

export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit: string | null;
}

/** What one running app answers with where the champion is asked for; `refused`: why that is not the champion. */
export interface ServingInstance {
  readonly instance: string;
  readonly alias: string;
  readonly version: { readonly id: string; readonly version: number; readonly digest: string } | null;
  readonly refused: {
    readonly version: { readonly id: string } | null;
    readonly code: string;
    readonly reason: string;
  } | null;
}

/** One model as the registry shows it; `champion` is null until a version is promoted. */
export interface ModelSummary {
  readonly name: string;
  readonly title: string;
  readonly owner: string;
  readonly champion: { readonly id: string; readonly version: number; readonly digest: string } | null;
  /** What the apps answer with, for the champion. */
  readonly serving: readonly ServingInstance[];
  readonly versions: readonly VersionSummary[];
}

export interface VersionSummary {
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly createdAt: string;
  readonly gatesPassed: boolean;
  readonly archivedAt: string | null;
  readonly aliases: readonly string[];
}

/** One version with what was measured when it was trained. */
export interface Version extends VersionSummary {
  readonly bytes: number;
  readonly metrics: readonly Metric[];
  readonly gates: readonly GateResult[];
  readonly lineage: {
    readonly datasetDigest: string;
    readonly datasetRows: number;
    readonly asOf: string;
    readonly runId: string;
  };
}

const servingFields = 'serving { instance alias version { id version digest } refused { version { id } code reason } }';
const summaryFields = 'id version digest createdAt gatesPassed archivedAt aliases';
export const versionFields = `${summaryFields} bytes metrics { name value unit } gates { gate passed evidence }
  lineage { datasetDigest datasetRows asOf runId }`;

/** Versions of each model that the list shows, the newest ones. */
const VERSIONS_SHOWN = 20;

/** The models that the registry knows, with their newest versions. */
export async function modelsOf(gateway: GatewayClient): Promise<readonly ModelSummary[]> {
  const { models } = await gateway.ask<{
    models: readonly (Omit<ModelSummary, 'versions'> & {
      readonly versions: { readonly edges: readonly { readonly node: VersionSummary }[] };
    })[];
  }>(
    `query CliModels($first: Int!) {
  models { name title owner champion { id version digest } ${servingFields} versions(first: $first) { edges { node { ${summaryFields} } } } }
}`,
    { first: VERSIONS_SHOWN },
  );
  return models.map((model) => ({
    ...model,
    serving: forChampion(model.serving),
    versions: model.versions.edges.map(({ node }) => node),
  }));
}

/**
 * The version of `model` that should answer, null while none is promoted; and what the apps do answer with.
 * @throws UNKNOWN_MODEL
 */
export async function servingOf(
  gateway: GatewayClient,
  model: string,
): Promise<Pick<ModelSummary, 'champion' | 'serving'>> {
  const { model: found } = await gateway.ask<{ model: Pick<ModelSummary, 'champion' | 'serving'> }>(
    `query CliServing($name: ID!) { model(name: $name) { champion { id version digest } ${servingFields} } }`,
    { name: model },
  );
  return { champion: found.champion, serving: forChampion(found.serving) };
}

/**
 * The version of `model` that was promoted; null while none is.
 * @throws UNKNOWN_MODEL
 */
export async function championOf(gateway: GatewayClient, model: string): Promise<ModelRef | null> {
  const {
    model: { champion },
  } = await gateway.ask<{ model: Pick<ModelSummary, 'champion'> }>(
    'query CliChampion($name: ID!) { model(name: $name) { champion { id version digest } } }',
    { name: model },
  );
  return champion === null ? null : { model, version: champion.version, digest: champion.digest };
}

const forChampion = (serving: readonly ServingInstance[]) => serving.filter(({ alias }) => alias === 'champion');

/**
 * A version by `<model>@<version>`, or the promoted one of `<model>`.
 * @throws UNKNOWN_MODEL, UNKNOWN_MODEL_VERSION, NO_CHAMPION
 */
export async function versionOf(gateway: GatewayClient, name: string): Promise<Version> {
  const id = name.includes('@') ? name : await championId(gateway, name);
  const { modelVersion } = await gateway.ask<{ modelVersion: Version | null }>(
    `query CliVersion($id: ID!) { modelVersion(id: $id) { ${versionFields} } }`,
    { id },
  );
  if (modelVersion !== null) return modelVersion;
  throw cliError('UNKNOWN_MODEL', `There is no version "${id}". See what there is with: ${HAAT} models`, { id });
}

async function championId(gateway: GatewayClient, model: string): Promise<string> {
  const champion = await championOf(gateway, model);
  if (champion !== null) return `${model}@${champion.version}`;
  throw cliError('NO_CHAMPION', `No version of ${model} is promoted yet. Train one with: ${HAAT} train ${model}`, {
    model,
  });
}
