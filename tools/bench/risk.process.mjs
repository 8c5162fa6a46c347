import { inferRisk } from '@haat/risk/inference';
import { contactIndex } from '@haat/risk/model';
import { measured } from './measured.mjs';
import { meetings } from './risk.world.mjs';

// A process that does one thing to a world of meetings and tells what it took: so that its memory at most is that of this thing alone.
const { work, shape, plan } = JSON.parse(process.argv[2]);

const works = {
  /** The index from columns that lie in memory. */
  index(problem) {
    const kept = { ...problem, contacts: Array.from(problem.contacts, (piece) => structuredClone(piece)) };
    return measured(() => {
      const { low, high, start } = contactIndex(kept);
      return { entries: low.length, bytes: low.byteLength + high.byteLength + start.byteLength };
    });
  },
  /** A run from contacts that are made as they are read; `chains` are the seconds from when chains are first looked at to the end. */
  infer: (problem) =>
    measured(async () => {
      let began = NaN;
      const onProgress = () => (began ||= performance.now());
      const posterior = await inferRisk(problem, { ...plan, onProgress });
      const chains = (performance.now() - began) / 1e3;
      const { probability } = posterior.onDay(problem.days - 1);
      let susceptible = 0;
      for (let cell = 0; cell < probability.length; cell += 4) susceptible += probability[cell];
      return { infected: 1 - susceptible / problem.persons, chains };
    }),
};

process.stdout.write(JSON.stringify(await works[work](meetings(shape))));
