import { homeAt } from './home.layout.ts';
import { stopLeftovers } from './stack.guard.ts';

/** Entry of the guard process: waits for the end of its input, then stops what is left of the stack in the folder named. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdin.resume();
process.stdin.on('end', () => {
  void stopLeftovers(homeAt(process.argv[2])).then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
