import { parseArgs } from 'node:util';
import { installPeers } from './peers.mjs';
import { Reporter } from './reporter.mjs';

/** Each bench: what it measures, beside which peer, and the file that does it (`run(reporter, options)`). */
const benches = {
  fit: 'fit of the damage model, beside scikit-learn (lbfgs) and SciPy (L-BFGS-B with bounds)',
  train: 'steps of training: an MLP, a convolution net, a depthwise separable one, beside PyTorch and TensorFlow.js',
  plan: 'plan of 1,000,000 x 8, beside bisection and HiGHS on 1,000 (--large: 5,000)',
  import: 'import of a world by COPY and merge, beside TypeORM upsert',
  backfill: 'backfill and undo with before-images and predictions, beside a loop of UPDATEs; workflow starts',
  predict: 'predictions a second: the runtime, the service, the gateway',
  gateway: 'CPU and time of a request through the gateway, beside bare Hive, Apollo Gateway and the subgraph alone',
  risk: 'sampling of infections: an update beside C++ and the published one, a sweep of 100,000, errors on known cases (--cases DIR)',
  contacts: 'the way of contacts from PostgreSQL to the index of a chain (--persons N: 140 of each)',
  days: 'a window that moves day by day: what folding loses, what chains save that begin where they were (--large: 20,000 persons)',
  memory: 'memory over 100,000 predictions',
  embedding: 'training step with an embedding table of 2^18 x 64, beside PyTorch',
  start: 'first and second start of the whole stack',
  outbreak:
    'risk in outbreaks whose truth is known: calibration, ranking, policies, beside the published sampler (--full)',
  quality: 'what the model is worth: five seeds on real products (--products FILE), beside other methods and the truth',
};

const help = `Usage: npm run bench -- [options]

Prints one JSON line for each measurement (metric, value, unit, size, seed, peer) to standard output and a table to
standard error.

Benches:
${Object.entries(benches)
  .map(([name, what]) => `  ${name.padEnd(9)} ${what}`)
  .join('\n')}

Options:
  --only NAME        one bench (may be repeated); without it, all but "quality"
  --install-peers    install the Python peers (tools/bench/requirements.txt) and TensorFlow.js into a folder outside the checkout (5 GB)
  --large            larger peers' instances, where a bench has them
  --products FILE    quality: real products (default: 30,000 made-up ones)
  --mapping FILE     quality: names of the file's columns (default: tools/bench/olist.mapping.json)
  --seeds N          quality: how many seeds (default: 5); outbreak: of policies (default: 4, with --full 50; 0: none)
  --full             outbreak: 20 worlds, twice as many policies, 50 seeds: some hours
  --worlds N         outbreak: worlds of calibration and ranking (default: 4, with --full 20; 0: none)
  --outcomes FILE    outbreak: keeps the outcome of each run of a policy as a line, and does not run again what stands there
  --plot FILE        outbreak: writes infected against days apart as SVG
  --cases DIR        risk: cases of the format crisp-case-v1 with their marginals
  --persons N        contacts: of how many persons (default: 7,200, with --large 72,000; with 1,000,000 reckon with 20 GB of disk)
  --network NAME     train: perceptron, convolutional or separable alone
  --help             this text

Examples:
  npm run bench -- --install-peers
  npm run bench -- --only fit --only plan
  npm run bench -- --only quality --products olist_products.csv
  npm run bench -- --only outbreak --full --outcomes outcomes.jsonl --plot policies.svg
`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    'install-peers': { type: 'boolean' },
    large: { type: 'boolean' },
    products: { type: 'string' },
    mapping: { type: 'string' },
    seeds: { type: 'string' },
    full: { type: 'boolean' },
    worlds: { type: 'string' },
    outcomes: { type: 'string' },
    plot: { type: 'string' },
    cases: { type: 'string' },
    persons: { type: 'string' },
    network: { type: 'string' },
    help: { type: 'boolean' },
  },
});

const wanted = options.only ?? Object.keys(benches).filter((name) => name !== 'quality');
const unknown = wanted.filter((name) => !(name in benches));
if (options.help) {
  process.stdout.write(help);
} else if (unknown.length > 0) {
  process.stderr.write(
    `bench: no bench is called ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`,
  );
  process.exitCode = 2;
} else if (options['install-peers']) {
  installPeers();
} else {
  const reporter = new Reporter();
  for (const name of wanted) {
    reporter.heading(name, benches[name]);
    try {
      const { run } = await import(`./benches/${name}.bench.mjs`);
      await run(reporter, options);
    } catch (error) {
      reporter.failed(name, error);
      process.exitCode = 1;
    }
  }
  reporter.table();
}
