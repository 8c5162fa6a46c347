import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How long a process may stay after its tests, ms: what a test left running would hold it for ever. */
const STAY_MS = 60_000;

/**
 * Writes how many tests of a project passed, failed and were skipped, so that `npm test` can add them up, and ends with an error what does
 * not end by itself.
 */
export default class CountReporter {
  constructor(globalConfig) {
    this.folder = join(globalConfig.rootDir, 'test-output');
  }

  onRunComplete(_contexts, results) {
    mkdirSync(this.folder, { recursive: true });
    const {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests: skipped,
      numRuntimeErrorTestSuites: broken,
    } = results;
    writeFileSync(
      join(this.folder, 'results.json'),
      `${JSON.stringify({ passed, failed: failed + broken, skipped })}\n`,
    );
    setTimeout(() => {
      process.stderr.write('The tests have ended a minute ago, and something that one of them started still runs\n');
      process.exit(1);
    }, STAY_MS).unref();
  }
}
