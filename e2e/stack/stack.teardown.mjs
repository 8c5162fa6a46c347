import { clean, listening } from './stack.setup.mjs';

/** Ends the shared stack as a person would, with Ctrl-C, and fails the run where a port or the launcher is left. */
export default async function tearDown() {
  const stack = globalThis.haatStack;
  stack.launcher.kill('SIGINT');
  const status = await stack.exited;
  const left = await listening(stack.base);
  clean(stack);
  if (status !== 0) throw new Error(`the launcher ended with ${status} after Ctrl-C`);
  if (left.length > 0) throw new Error(`after Ctrl-C something still listens on ${left.join(', ')}`);
}
