import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Metrics } from '@haat/platform';
import { Registry } from 'prom-client';
import { code, printedFrom, table } from './markdown.mjs';
import { metricQueries } from './metrics.queries.mjs';

/** What ours are called; the others are Node's and the process's own, as prom-client has them. */
const ours = (name) => name.startsWith('haat_');

/** `docs/runbooks/metrics.md`: every metric of every app, from the registries themselves. */
export async function metricsPage(root) {
  const sections = [['Every app', await described(new Metrics('print').registry)]];
  for (const app of readdirSync(join(root, 'apps')).sort()) {
    if (!existsSync(join(root, 'apps', app, 'src', 'metrics.ts'))) continue;
    const { appMetrics } = await import(pathToFileURL(join(root, 'apps', app, 'dist', 'metrics.js')).href);
    const registry = new Registry();
    appMetrics(registry);
    sections.push([`apps/${app}`, await described(registry)]);
  }
  const known = new Set(sections.flatMap(([, metrics]) => metrics.map(({ name }) => name)));
  const stale = Object.keys(metricQueries).filter((name) => !known.has(name));
  if (stale.length > 0) throw new Error(`tools/print/metrics.queries.mjs asks for what no app measures: ${stale}`);
  return [
    printedFrom('`libs/platform/src/metrics.ts`, `apps/*/src/metrics.ts` and `tools/print/metrics.queries.mjs`'),
    '# Metrics',
    'Each app answers `/metrics` in the format of Prometheus. A panel of Grafana takes a query below as it is. Every metric has the label ' +
      '`app`. Values of labels are bounded: an operation is called by its kind and root field (`query product`, `query (several)`), never ' +
      "by a client's text. Beside these there are the process's own (`process_cpu_seconds_total`, `process_resident_memory_bytes`, " +
      '`nodejs_eventloop_lag_p99_seconds`, ...).',
    'Rate, errors and duration of the whole house, at the gateway:',
    '```promql\nsum by (operation) (rate(haat_request_seconds_count{app="gateway"}[5m]))\n' +
      'sum by (operation) (rate(haat_request_seconds_count{app="gateway", outcome="error"}[5m])) / sum by (operation) (rate(haat_request_seconds_count{app="gateway"}[5m]))\n' +
      'histogram_quantile(0.99, sum by (operation, le) (rate(haat_request_seconds_bucket{app="gateway"}[5m])))\n```',
    ...sections.map(([title, metrics]) => `## ${title}\n\n${metricTable(metrics)}`),
  ].join('\n\n');
}

async function described(registry) {
  const metrics = await registry.getMetricsAsJSON();
  return metrics
    .filter(({ name }) => ours(name))
    .map(({ name, help, type }) => ({ name, help, type, labels: labelsOf(registry, name) }));
}

const labelsOf = (registry, name) => registry.getSingleMetric(name).labelNames.filter((label) => label !== 'le');

function metricTable(metrics) {
  const rows = metrics.map(({ name, help, type, labels }) => {
    const query = metricQueries[name];
    if (!query) throw new Error(`${name} has no query in tools/print/metrics.queries.mjs`);
    return [
      code(name),
      `${type}${labels.length > 0 ? ` by ${labels.map(code).join(', ')}` : ''}`,
      help,
      `${query.asks} ${code(query.query)}`,
    ];
  });
  return table(['Metric', 'Kind', 'Meaning', 'What it answers'], rows);
}
