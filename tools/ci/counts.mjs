import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const skipped = new Set(['node_modules', 'dist', 'test-output']);

/** Folders of the projects, relative to the checkout. */
export function projectFolders(root) {
  const below = (folder) => readdirSync(join(root, folder)).map((name) => join(folder, name));
  return [...below('libs'), ...below('apps'), 'tools', 'e2e'].filter((folder) =>
    existsSync(join(root, folder, 'jest.config.mjs')),
  );
}

const resultFile = (root, project) => join(root, project, 'test-output', 'results.json');

/** Takes old results away: what is counted was written, or restored from the cache, by this run. */
export function forgetCounts(root) {
  for (const project of projectFolders(root)) rmSync(resultFile(root, project), { force: true });
}

function hasTests(folder) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? !skipped.has(entry.name) && hasTests(join(folder, entry.name))
      : entry.name.endsWith('.spec.ts'),
  );
}

/**
 * Tests by project: passed and failed. A skipped test is a failed one; a project with tests and no result failed once.
 * @returns {{ project: string, passed: number, failed: number, why: string }[]}
 */
export function readCounts(root) {
  return projectFolders(root).flatMap((project) => {
    if (!hasTests(join(root, project))) return [];
    const file = resultFile(root, project);
    if (!existsSync(file)) return [{ project, passed: 0, failed: 1, why: 'no result' }];
    const { passed, failed, skipped: left } = JSON.parse(readFileSync(file, 'utf8'));
    return [{ project, passed, failed: failed + left, why: left > 0 ? `${left} skipped` : '' }];
  });
}
