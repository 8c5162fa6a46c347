import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Restores `FROM` to `HOME`, and is killed before its step `NTH` that puts a file somewhere; prints how many steps there were
 * where it lives.
 */
const [home, nth, from] = process.argv.slice(2);
let steps = 0;
function dying(holder, name) {
  const real = holder[name];
  holder[name] = (...args) => {
    steps += 1;
    if (steps === Number(nth)) process.kill(process.pid, 'SIGKILL');
    return real(...args);
  };
}
for (const name of ['renameSync', 'cpSync']) dying(fs, name);
dying(fs.promises, 'copyFile');
syncBuiltinESMExports();

const { homeAt } = await import('@haat/dev-stack');
const { restoreHome } = await import('@haat/dev-stack/backup');
await restoreHome(homeAt(home), { from, replace: true });
console.log(steps);
