import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { connectDatabase } from '@haat/data-access';
import { importRisk } from '@haat/risk/store';
import { simulateCity, writeOutbreak } from '@haat/simulators';

import { demoRun } from '../../demo/demo.run.ts';
import { startInference } from '../../gateway/run.queries.ts';
import type { DomainDemo } from '../domain.tools.ts';

const PERSONS = 2_000;
const DAYS = 28;
const DAY_MS = 86_400_000;
const MODEL = 'risk/transmission';

/** Makes a small outbreak of the last four weeks and loads it, unless somebody is known already. */
const load: DomainDemo['load'] = async (home, databaseUrl, { seed }, voice) => {
  const database = await connectDatabase({ url: databaseUrl, name: 'haat-demo' });
  try {
    const { rowCount } = await database.pool.query(
      "select from platform.import_progress where domain = 'risk' and table_name = 'symptoms' and finished",
    );
    if (rowCount !== 0) return voice.title('Demo world of risk (there already)');
    voice.say(`simulating an outbreak among ${PERSONS} persons, seed ${seed}`);
    const world = simulateCity({ seed, persons: PERSONS, days: DAYS });
    const folder = join(home.demoWorld, 'risk');
    const lastDay = new Date().toISOString().slice(0, 10);
    await writeOutbreak(world, lastDay, folder, 'csv');
    // Everybody was there from the first day on.
    const validFrom = new Date(Date.parse(lastDay) - (DAYS - 1) * DAY_MS);
    await importRisk(database, folder, {
      validFrom,
      onProgress: ({ file, rows }) => voice.say(`${file}: ${rows} rows`),
    });
    await rm(folder, { recursive: true });
    const contacts = world.observed.contacts.reduce((sum, { rows }) => sum + rows, 0);
    voice.title(`Demo world of risk (seed ${seed}: ${PERSONS} persons, ${contacts} contacts, loaded by COPY)`);
  } finally {
    await database.close();
  }
};

/** Infers once by the promoted version; a later start finds the run, and one that failed is followed by another. */
const compute: DomainDemo['compute'] = async (gateway, voice, signal) => {
  const options = { sweeps: 60, burnIn: 20 };
  const infer = (idempotencyKey?: string) =>
    startInference(gateway, { model: MODEL, chains: 2, options, idempotencyKey });
  const { run, isThere } = await demoRun(gateway, infer, voice, signal);
  voice.title(`Inference of ${MODEL}: ${run.id} ${isThere ? 'is there already' : 'by two chains through Temporal'}`);
};

/** Who is most at risk, since when, and by whom. */
export const riskDemo: DomainDemo = {
  load,
  model: MODEL,
  // What is known of the disease of this city: infectious for longer, and more infectious at home and at work, than the model supposes.
  training: { external: 2e-4, scale: 1.3, infectiousMean: 19.9, infectiousSd: 6.3 },
  compute,
  questions: [
    {
      title: 'Who is most probably infected now, since when, and by whom?',
      query: `{
  highestRisk(first: 1) {
    edges {
      node {
        id
        riskTimeline {
          asOf
          model { version digest }
          rHat
          days(last: 7) { day exposed infectious removed risk low high }
        }
        explanation { sources(first: 3) { from { id } day probability } }
      }
    }
  }
}`,
    },
  ],
};
