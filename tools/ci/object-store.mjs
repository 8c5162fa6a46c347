import { findObjectStore } from '@haat/dev-stack';

// Once, before the tests, so that no test waits for a build.
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort(new Error(signal)));

let said = 0;
const path = await findObjectStore({
  signal: controller.signal,
  progress: (message) => {
    if (Date.now() - said < 10_000) return;
    said = Date.now();
    console.log(message);
  },
});
console.log(`Object store: ${path}`);
