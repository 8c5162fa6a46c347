/**
 * Every fault of `npm run chaos`: what the table calls it, and the test that brings it about and judges it: the project's folder,
 * the spec in it, and words of the test's title. Its counts stand in the spec.
 */
export const faults = {
  'train-worker-killed': {
    what: 'SIGKILL of the worker at a random moment of training',
    project: 'apps/worker',
    spec: 'src/training-faults.int.spec.ts',
    test: 'gives the same bytes as an unbroken run when its worker is killed',
  },
  'train-fit-killed': {
    what: 'SIGKILL of the training process at a random moment',
    project: 'apps/worker',
    spec: 'src/training-faults.int.spec.ts',
    test: 'gives the same bytes as an unbroken run when the process that fits is killed',
  },
  'backfill-worker-killed': {
    what: 'SIGKILL of the worker at a random moment of a backfill, and of its undo',
    project: 'apps/worker',
    spec: 'src/backfill-faults.int.spec.ts',
    test: 'loses nothing when its worker is killed',
  },
  'backfill-postgres-killed': {
    what: 'SIGKILL of PostgreSQL at a random moment of a backfill, and of its undo',
    project: 'apps/worker',
    spec: 'src/backfill-faults.int.spec.ts',
    test: 'loses nothing when PostgreSQL is killed',
  },
  'backfill-app-killed': {
    what: 'SIGKILL of an app at a random moment of a backfill, and of its undo',
    project: 'e2e',
    spec: 'servers-fail-and-nothing-is-lost/faults.spec.ts',
    test: 'an app killed during a backfill',
  },
  'hot-swap': {
    what: 'hot swaps under load',
    project: 'apps/packaging',
    spec: 'src/versions.int.spec.ts',
    test: 'swap under load with no failed request',
  },
  'postgres-restarted': {
    what: 'PostgreSQL restarted under load',
    project: 'e2e',
    spec: 'servers-fail-and-nothing-is-lost/faults.spec.ts',
    test: 'a restart of PostgreSQL under load',
  },
  'postgres-killed': {
    what: 'SIGKILL of PostgreSQL under load',
    project: 'e2e',
    spec: 'servers-fail-and-nothing-is-lost/faults.spec.ts',
    test: 'PostgreSQL killed under load',
  },
  'temporal-restarted': {
    what: 'Temporal restarted during a run',
    project: 'e2e',
    spec: 'servers-fail-and-nothing-is-lost/faults.spec.ts',
    test: 'a restart of Temporal during a run',
  },
  'artifact-on-disk': {
    what: 'artifact damaged on disk, in every region of the file',
    project: 'apps/packaging',
    spec: 'src/versions.int.spec.ts',
    test: 'serve on while the promoted one is damaged on disk',
  },
  'artifact-in-store': {
    what: 'artifact damaged in the store, in every region of the file',
    project: 'e2e',
    spec: 'servers-fail-and-nothing-is-lost/faults.spec.ts',
    test: 'an artifact damaged in the store',
  },
  'artifact-in-transit': {
    what: 'artifact damaged in transit',
    project: 'e2e',
    spec: 'servers-fail-and-nothing-is-lost/faults.spec.ts',
    test: 'an artifact damaged on its way',
  },
  'hostile-bodies': {
    what: 'malformed, huge and hostile GraphQL bodies',
    project: 'apps/gateway',
    spec: 'src/hostile.spec.ts',
    test: 'get typed errors or valid answers',
  },
  'disk-full': {
    what: 'disk full under the store',
    project: 'libs/data-access',
    spec: 'src/content/disk.full.int.spec.ts',
    test: 'says so, keeps what it had whole',
  },
  'database-unwell': {
    what: 'slow, half-open and refusing database',
    project: 'e2e',
    spec: 'servers-fail-and-nothing-is-lost/faults.spec.ts',
    test: 'a slow, a half-open and a refusing database',
  },
  'clock-set-back': {
    what: 'our own clock set back',
    project: 'libs/data-access',
    spec: 'src/platform/platform.int.spec.ts',
    test: 'records on a clock that was set back',
  },
  'rolling-restart': {
    what: 'SIGTERM under load, rolling restart of two replicas of each app',
    project: 'e2e',
    spec: 'two-of-everything-share-one-platform/replicas.spec.ts',
    test: 'answer every request while each replica is restarted',
  },
  'training-asked-at-once': {
    what: 'the same training asked for 100 times at once',
    project: 'apps/platform',
    spec: 'src/training.int.spec.ts',
    test: 'to start a training is one run',
  },
  'backfill-asked-at-once': {
    what: 'the same backfill asked for 100 times at once',
    project: 'apps/platform',
    spec: 'src/training.int.spec.ts',
    test: 'to start a backfill is one run',
  },
  'training-started-at-once': {
    what: 'the same training started 100 times at once, to its end',
    project: 'apps/worker',
    spec: 'src/train.int.spec.ts',
    test: 'runs once when it is started a hundred times at once',
  },
  'backfill-started-at-once': {
    what: 'the same backfill started 100 times at once, to its end',
    project: 'apps/worker',
    spec: 'src/backfill-faults.int.spec.ts',
    test: 'runs once, however often it is started at once',
  },
};

/** The specs of the wanted faults, in the order of the table, each once: `{ project, spec, names }`. */
export function specsOf(wanted) {
  const specs = new Map();
  for (const name of wanted) {
    const { project, spec } = faults[name];
    const key = `${project}/${spec}`;
    specs.set(key, { project, spec, names: [...(specs.get(key)?.names ?? []), name] });
  }
  return [...specs.values()];
}

/** What Jest runs of a spec: the tests of these faults and no other. */
export const titlesOf = (names) =>
  names.map((name) => faults[name].test.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
