import { PORT_BASES, portOrder } from '@haat/dev-stack';

import { addCommand, withHome, wholeNumber, type AddCommand } from '../cli.command.ts';
import { outputOf } from '../cli.context.ts';
import { runStack, type UpOptions } from '../stack/stack.run.ts';

const DEMO_PRODUCTS = 30_000;
const DEMO_SEED = 1;

export const addUp: AddCommand = (program, context) => {
  withHome(
    addCommand(program, {
      usage: 'up',
      summary: 'start everything and stay up',
      description:
        'Starts PostgreSQL, the Temporal server, the worker, the subgraphs and the gateway on this machine (loopback only), brings the database to the newest form, and stays up until Ctrl-C. With --demo the first start also makes a seeded world of each domain, loads it, trains the models through Temporal and promotes them; each start asks the gateway some questions. With DATABASE_URL (a role that may make roles and databases), TEMPORAL_ADDRESS (and its TLS variables) or ARTIFACTS_URL it uses those instead of its own.',
      examples: [
        ['up --demo', 'with a demo world and a trained model (npm start)'],
        ['up --demo --exit', 'the same, and stop after the questions'],
        ['up --home DIR --port 5000', 'another state folder, other ports'],
      ],
    }),
  )
    .option('--demo', 'on the first start make, load and train on demo worlds; ask some questions')
    .option('--exit', 'stop when all is done: with status 0, or 1 where the model did not pass its gates')
    .option(
      '--port <base>',
      `first of ${portOrder.length} ports (default: HAAT_PORT, else 4000)`,
      wholeNumber(PORT_BASES.least, PORT_BASES.most),
    )
    .option('--products <n>', 'products of the demo world', wholeNumber(100, 1_000_000), DEMO_PRODUCTS)
    .option('--seed <n>', 'seed of the demo world', wholeNumber(0), DEMO_SEED)
    .action(async (options: UpOptions) => {
      await runStack(context, outputOf(context, options), options);
    });
};
