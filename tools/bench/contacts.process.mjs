import { join } from 'node:path';
import { connectDatabase } from '@haat/data-access';
import { contactChannels, publishedParameters } from '@haat/risk/contract';
import { problemOf } from '@haat/risk/features';
import { contactIndex } from '@haat/risk/model';
import { readFacts, RiskStore, writeFacts } from '@haat/risk/store';
import { measured } from './measured.mjs';

// A process that does one part of the way from the database to the index, in memory of its own.
const { work, url, window, folder } = JSON.parse(process.argv[2]);
const file = join(folder, 'facts');
const channels = contactChannels.map((name, at) => ({ name, probability: 0.002 * (at + 1) }));

const works = {
  /** What a run states of a window, as the role of risk's tasks: rows of the database, then a file. */
  async state() {
    const database = await connectDatabase({ url });
    try {
      const read = await measured(() =>
        new RiskStore(database).facts({ ...window, asOf: new Date(window.asOf) }).then((facts) => ({ facts })),
      );
      const { facts, ...reading } = read;
      return { reading, writing: await measured(() => writeFacts(file, facts)) };
    } finally {
      await database.close();
    }
  },
  /** What a chain makes of the file. */
  index: () =>
    measured(async () => {
      const { low } = contactIndex(problemOf(await readFacts(file), { ...publishedParameters, channels }));
      return { entries: low.length };
    }),
};

process.stdout.write(JSON.stringify(await works[work]()));
