import { fileURLToPath } from 'node:url';
import { readPages, restorePages, writePages } from './pages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const check = process.argv.includes('--check');

// With --check what stands is compared with what would be printed, and left as it is.
const before = await readPages(root);
const after = await writePages(root);
const names = [...new Set([...before.keys(), ...after.keys()])].sort();
const stale = names.filter((name) => before.get(name) !== after.get(name));
if (check) await restorePages(root, before, stale);

for (const name of stale) {
  const what = !before.has(name) ? 'is new' : !after.has(name) ? 'is printed no more' : 'differs';
  console.log(`${name} ${what}`);
}
console.log(`${names.length} pages, ${stale.length} ${check ? 'not as they would be printed' : 'changed'}`);
if (check && stale.length > 0) {
  console.log('Print them with "npm run print", read the difference and commit it.');
  process.exitCode = 1;
}
