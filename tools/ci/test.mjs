import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetCounts, readCounts } from './counts.mjs';
import { step } from './step.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const node = process.execPath;
const nx = (...args) => [node, join('node_modules', 'nx', 'dist', 'bin', 'nx.js'), ...args];
const each = (target, ...args) => nx('run-many', '-t', target, '--parallel=2', '--outputStyle=static', ...args);

/** Everything that has to hold, in the order in which a failure costs least to find. Each counts as one test. */
const checks = [
  ['references between projects', nx('sync:check')],
  ['format', [node, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ['build', each('build')],
  ['types', each('typecheck')],
  ['lint and boundaries', each('lint'), { refused: ['will be skipped'] }],
  ['unused code', [node, 'node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints']],
  ['project graph', nx('graph', '--file=.nx/graph.json')],
  ['affected projects', nx('show', 'projects', '--affected', '--base=HEAD', '--head=HEAD')],
  ['printed pages', [node, 'tools/print/all.mjs', '--check']],
  ['a Temporal server for the tests', [node, 'tools/ci/temporal.mjs']],
  ['an object store for the tests', [node, 'tools/ci/object-store.mjs']],
];

/** Their tests are counted one by one. */
const suites = [
  ['unit, statistical and integration tests', each('test', '--exclude=e2e')],
  ['end-to-end tests', nx('run', 'e2e:test', '--outputStyle=static')],
];

forgetCounts(root);
const checked = [];
for (const [name, command, options] of checks) checked.push(await step(name, command, { root, ...options }));
const tested = [];
for (const [name, command] of suites) tested.push(await step(name, command, { root }));

const counts = readCounts(root);
console.log('\n=== Result');
for (const { name, passed, seconds, why } of [...checked, ...tested]) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)${why && `: ${why}`}`);
}
for (const { project, passed, failed, why } of counts) {
  console.log(`       ${project}: ${passed} passed, ${failed} failed${why && ` (${why})`}`);
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const failedTests = sum(counts.map(({ failed }) => failed));
const failedChecks = checked.filter(({ passed }) => !passed).length;
// A suite that fails though none of its tests did still fails the run.
const unexplained = failedTests === 0 ? tested.filter(({ passed }) => !passed).length : 0;
const passed = sum(counts.map((count) => count.passed)) + checked.length - failedChecks;
const failed = failedTests + failedChecks + unexplained;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
