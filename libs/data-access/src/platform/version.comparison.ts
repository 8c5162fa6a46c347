import type { ModelCard } from '@haat/kit';

import type { ModelVersion, RunRecord } from './platform.records.ts';

/** A version with the run that trained it, where that is still known. */
export interface TrainedVersion {
  readonly version: ModelVersion;
  readonly run: Pick<RunRecord, 'options'> | null;
}

/** One metric of two versions; null where a version did not measure it. */
export interface ComparedMetric {
  readonly name: string;
  readonly unit: string | null;
  readonly a: number | null;
  readonly b: number | null;
  /** Which one is better; null where that cannot be said. */
  readonly better: 'a' | 'b' | 'same' | null;
}

/** One fact of two versions as text; null where a version has none of this name. */
export interface ComparedFact {
  readonly name: string;
  readonly a: string | null;
  readonly b: string | null;
  readonly same: boolean;
}

export interface VersionComparison {
  readonly metrics: readonly ComparedMetric[];
  readonly features: readonly ComparedFact[];
  /** The model's options with their defaults, seed and bound of event time. */
  readonly options: readonly ComparedFact[];
  readonly lineage: readonly ComparedFact[];
  readonly gates: readonly ComparedFact[];
}

/** Two versions of one model side by side; names that only one of them has come last. */
export function compareVersions(a: TrainedVersion, b: TrainedVersion): VersionComparison {
  const facts = (of: (one: TrainedVersion) => Readonly<Record<string, string>>) => comparedFacts(of(a), of(b));
  return {
    metrics: namesOf(a.version.metrics, b.version.metrics).map((name) => comparedMetric(name, a.version, b.version)),
    features: facts(({ version }) => featuresOf(version.card)),
    options: facts(optionsOf),
    lineage: facts(({ version }) => lineageOf(version)),
    gates: facts(({ version }) =>
      Object.fromEntries(
        version.gates.map(({ gate, passed, evidence }) => [gate, `${passed ? 'passed' : 'not passed'}: ${evidence}`]),
      ),
    ),
  };
}

function comparedMetric(name: string, a: ModelVersion, b: ModelVersion): ComparedMetric {
  const spec = b.card.metrics[name] ?? a.card.metrics[name];
  const [left, right] = [a.metrics[name] ?? null, b.metrics[name] ?? null];
  return { name, unit: spec?.unit ?? null, a: left, b: right, better: betterOf(left, right, spec?.better) };
}

function betterOf(
  a: number | null,
  b: number | null,
  better: ModelCard['metrics'][string]['better'] | undefined,
): ComparedMetric['better'] {
  if (a === null || b === null || better === undefined) return null;
  const badness = (value: number) => (better === 'lower' ? value : better === 'higher' ? -value : Math.abs(value - 1));
  const difference = badness(a) - badness(b);
  if (difference === 0) return 'same';
  return difference < 0 ? 'a' : 'b';
}

function comparedFacts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): ComparedFact[] {
  return namesOf(a, b).map((name) => ({ name, a: a[name] ?? null, b: b[name] ?? null, same: a[name] === b[name] }));
}

function namesOf(a: object, b: object): string[] {
  const [left, right] = [Object.keys(a), Object.keys(b)];
  return [
    ...left.filter((name) => name in b),
    ...left.filter((name) => !(name in b)),
    ...right.filter((name) => !(name in a)),
  ];
}

function featuresOf(card: ModelCard): Record<string, string> {
  return Object.fromEntries(
    Object.entries(card.features).map(([name, { dtype, unit, doc }]) => [name, `${dtype}, ${unit || 'text'}: ${doc}`]),
  );
}

function optionsOf({ version, run }: TrainedVersion): Record<string, string> {
  if (run === null) return {};
  const { model, seed, asOf } = run.options as { model?: Record<string, unknown>; seed?: number; asOf?: string };
  const declared = (version.card.options['properties'] ?? {}) as Record<string, { default?: unknown }>;
  const defaults = Object.entries(declared).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const all = { ...Object.fromEntries(defaults), ...model, seed, asOf };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, textOf(value)]])),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function lineageOf({ digest, datasetDigest, datasetRows, asOf, codeRevision }: ModelVersion): Record<string, string> {
  return {
    'artifact digest': digest,
    'dataset digest': datasetDigest,
    'dataset rows': String(datasetRows),
    'as of': asOf.toISOString(),
    ...(codeRevision !== null && { 'code revision': codeRevision }),
  };
}
