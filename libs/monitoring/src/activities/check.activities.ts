import type { ContentStore, PredictionWindow } from '@haat/data-access';
import { isDomainError } from '@haat/kit';
import { withTypedFailures, type CheckActivities, type SkewReport } from '@haat/workflows';
import { beating } from '@haat/workflows/activities';
import { profileOf } from '../drift/drift.profile.ts';
import type { MonitoredModel } from '../monitored.model.ts';
import { monitoringError } from '../monitoring.errors.ts';
import { SkewTally } from '../skew/skew.report.ts';

export interface MonitoringWorld {
  readonly models: readonly MonitoredModel[];
  readonly store: Pick<ContentStore, 'path'>;
}

const DAY_MS = 86_400_000;
/** Predictions that are recomputed at once. */
const batchRows = 500;

/** The steps of skew audits and drift profiles, for a worker. Each may be repeated: see `CheckActivities`. */
export function checkActivities({ models, store }: MonitoringWorld): CheckActivities {
  const known = new Map(models.map((model) => [model.definition.name as string, model]));
  const monitored = (name: string): MonitoredModel => {
    const found = known.get(name);
    if (found) return found;
    throw monitoringError('UNMONITORED_MODEL', `This worker monitors ${[...known.keys()].join(', ')}, not "${name}"`, {
      model: name,
    });
  };

  return withTypedFailures<CheckActivities>({
    async openCheck({ runId, model, kind, options }) {
      await monitored(model).runs.create({ id: runId, kind, model, options: { ...options } });
    },

    async beginCheckStep({ runId, model, step }) {
      await monitored(model).runs.beginStep(runId, step);
    },

    recomputeSample({ runId, model, options, startedAt }) {
      const { predictions, replay, runs } = monitored(model);
      const to = new Date(options.to ?? startedAt);
      const from = options.from === null ? new Date(to.getTime() - DAY_MS) : new Date(options.from);
      return beating(async (signal) => {
        const sample = await predictions.sample({ model, from, to }, options.rows, options.seed);
        const tally = new SkewTally();
        for (let at = 0; at < sample.length; at += batchRows) {
          signal.throwIfAborted();
          const batch = sample.slice(at, at + batchRows);
          tally.add(batch, await replay(batch));
          await runs.progress(runId, (at + batch.length) / sample.length, `${at + batch.length} of ${sample.length}`);
        }
        return tally.report();
      });
    },

    async judgeSkew({ runId, model, options, report }) {
      await monitored(model).runs.report(runId, report.shares, report);
      if (report.rows === 0) {
        throw nothingRecorded(model, `from ${options.from ?? 'a day ago'} to ${options.to ?? 'now'}`);
      }
      if (report.skew.length > 0) throw skewFound(model, report);
    },

    profileDay({ model, options, startedAt }) {
      const { definition, encode, reference, predictions, registry, drift } = monitored(model);
      const day = options.day ?? new Date(Date.parse(startedAt) - DAY_MS).toISOString().slice(0, 10);
      return beating(async () => {
        const champion = await registry.champion(model);
        if (champion === null) throw noReference(model, 'no version is promoted');
        const { version } = champion;
        const { datasetDigest } = await registry.version(model, version);
        const file = await store.path(datasetDigest).catch((reason: unknown) => {
          if (!isDomainError(reason)) throw reason;
          throw noReference(model, `the training snapshot of version ${version} is gone (${reason.code})`);
        });
        const inputs = await predictions.distinctInputs(windowOf(model, day), options.rows, options.seed);
        if (inputs.length === 0) throw nothingRecorded(model, `on ${day}`);
        const [before, served] = [await reference(file), encode(inputs)];
        const features = profileOf(definition.features, before, served, options.falseAlarms);
        await drift.save({ model, day, version, rows: served.rows, referenceRows: before.rows, features });
        const drifted = features.filter((one) => one.drifted).map(({ feature }) => feature);
        return { day, version, rows: served.rows, referenceRows: before.rows, drifted };
      });
    },

    async completeCheck({ runId, model, metrics, result }) {
      await monitored(model).runs.complete(runId, { metrics, result: { ...result } });
    },

    async failCheck({ runId, model, state, code, message }) {
      await monitored(model).runs.fail(runId, state, code, message);
    },
  });
}

function windowOf(model: string, day: string): PredictionWindow {
  const from = new Date(`${day}T00:00:00Z`);
  return { model, from, to: new Date(from.getTime() + DAY_MS) };
}

function nothingRecorded(model: string, when: string) {
  return monitoringError('NOTHING_RECORDED', `${model}: no prediction was recorded ${when}`, { model });
}

function noReference(model: string, why: string) {
  return monitoringError('NO_REFERENCE', `${model}: nothing to compare with, ${why}`, { model });
}

/** Names the features, the most frequent first, with an example of each. */
function skewFound(model: string, { rows, differing, skew }: SkewReport) {
  const told = skew
    .slice(0, 5)
    .map(({ feature, differing: of, largest, examples: [example] }) => {
      const { id, recorded, replayed } = example!;
      return `${feature} in ${of} (by up to ${largest}; prediction ${id}: ${recorded} was served, ${replayed} comes out)`;
    })
    .join('; ');
  return monitoringError('SKEW_FOUND', `${model}: ${differing} of ${rows} predictions come out otherwise: ${told}`, {
    model,
    rows,
    differing,
    features: skew.map(({ feature }) => feature),
  });
}
