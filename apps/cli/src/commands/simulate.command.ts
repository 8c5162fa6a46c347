import { domains } from '@haat/kit';

import { addCommand, type AddCommand } from '../cli.command.ts';
import { domainTools } from '../domains/domain.table.ts';

/** Adds the worlds of the domains that have one. */
const additions = await Promise.all(domains.flatMap((domain) => domainTools[domain].simulation?.() ?? []));

export const addSimulate: AddCommand = (program, context) => {
  const simulate = addCommand(program, {
    usage: 'simulate',
    summary: 'write a seeded world as files',
    description:
      'Makes the world of a domain with a known truth, and writes it as files that its import and the --local commands read. The same seed gives the same bytes.',
    examples: [
      ['simulate packaging --out world', '30,000 made-up products'],
      ['help simulate packaging', 'the options of this world'],
    ],
  });
  for (const add of additions) add(simulate, context);
};
