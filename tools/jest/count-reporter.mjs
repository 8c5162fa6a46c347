import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes how many tests of a project passed, failed and were skipped, so that `npm test` can add them up. */
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
  }
}
