import type { ContentStore, RunRecord } from '@haat/data-access';
import { isDomainError, skewText, SkewTally, type SkewReport } from '@haat/kit';
import { withTypedFailures, type ChainsOptions, type CheckActivities, type ReplayInput } from '@haat/workflows';
import { beating } from '@haat/workflows/activities';
import { replayInput } from '@haat/workflows/client';
import { profileOf } from '../drift/drift.profile.ts';
import type { MonitoredModel } from '../monitored.model.ts';
import { monitoringError } from '../monitoring.errors.ts';

export interface MonitoringWorld {
  readonly models: readonly MonitoredModel[];
  readonly store: Pick<ContentStore, 'path'>;
}

const DAY_MS = 86_400_000;
/** Predictions that are recomputed at once. */
const batchRows = 500;

/** The steps of skew audits and drift profiles, for a worker. Each may be repeated: see `CheckActivities`. */
export function checkActivities({ models, store }: MonitoringWorld): CheckActivities {
  const known = new Map(models.map((model) => [model.name, model]));
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
      const { answers, runs } = monitored(model);
      const to = new Date(options.to ?? startedAt);
      const from = options.from === null ? new Date(to.getTime() - DAY_MS) : new Date(options.from);
      const window = { model, from, to };
      return beating(async (signal) => {
        if (answers.replayedBy === 'run') {
          const ids = await answers.sample(window, options);
          const kept = await Promise.all(ids.map((id) => runs.read(id)));
          return { replays: kept.map((run) => replayFor(runId, run)) };
        }
        const sample = await answers.sample(window, options);
        const tally = new SkewTally();
        for (let at = 0; at < sample.length; at += batchRows) {
          signal.throwIfAborted();
          const batch = sample.slice(at, at + batchRows);
          tally.add(batch, await answers.replay(batch));
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
      if (report.skew.length > 0) throw skewFound(monitored(model), report);
    },

    profileDay({ model, options, startedAt }) {
      const { inputs, registry, drift } = monitored(model);
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
        const served = await inputs.day(day, options);
        if (served.rows === 0) throw nothingRecorded(model, `on ${day}`);
        const before = await inputs.reference(file, options);
        const features = profileOf(inputs.features, before, served, options.falseAlarms);
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

/** The run that replays another one for an audit: one audit replays it once. */
function replayFor(audit: string, { id, model, options }: RunRecord): ReplayInput {
  const replay = replayInput({ runId: id, model, options: options as unknown as ChainsOptions }, audit);
  return { ...replay, actor: { subject: 'system:audit', origin: audit } };
}

function nothingRecorded(model: string, when: string) {
  return monitoringError('NOTHING_RECORDED', `${model}: nothing was recorded ${when}`, { model });
}

function noReference(model: string, why: string) {
  return monitoringError('NO_REFERENCE', `${model}: nothing to compare with, ${why}`, { model });
}

function skewFound({ name: model, answers }: MonitoredModel, report: SkewReport) {
  const { rows, differing, skew } = report;
  const [many, one] = answers.replayedBy === 'row' ? ['predictions', 'prediction'] : ['answers', 'run'];
  const told = `${model}: ${differing} of ${rows} ${many} come out otherwise: ${skewText(report, one!)}`;
  return monitoringError('SKEW_FOUND', told, { model, rows, differing, features: skew.map(({ feature }) => feature) });
}
