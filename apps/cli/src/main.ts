import { runCli } from './cli.program.ts';

for (const stream of [process.stdout, process.stderr]) {
  // A reader that has seen enough (`haat predict … | head`) closes the pipe: nobody is left to tell more.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode);
    throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  exit: 0,
});
