import { availableParallelism } from 'node:os';

import { HAAT } from '@haat/kit';
import { readCrispCase } from '@haat/risk/contract';
import { inferRisk, type InferenceOptions } from '@haat/risk/inference';
import { enumerate } from '@haat/risk/model';
import type { Command } from 'commander';

import { addCommand, optionsOf, wholeNumber, type AddCommand, type CommonOptions } from '../cli.command.ts';
import { outputOf, tellRejects } from '../cli.context.ts';
import { cliError } from '../cli.errors.ts';
import { calendarDay } from './command.values.ts';
import { writeNamed } from '../local/named.files.ts';
import { problemOfFiles, readJson, type FileProblem, type RiskFiles } from '../local/risk.files.ts';
import { drawn } from '../output/drawing.ts';
import type { Output } from '../output/output.ts';
import { riskCsv, riskText, rowsOfRisk } from '../output/risk.text.ts';
import { timelineChart, timelineOf, timelineText } from '../output/risk.timeline.ts';

interface ChainOptions extends CommonOptions {
  readonly chains?: number;
  readonly sweeps?: number;
  readonly warmUp?: number;
  readonly seed: number;
  readonly threads?: number;
}

interface SolveOptions extends ChainOptions {
  readonly exact?: boolean;
}

interface FileOptions extends ChainOptions, RiskFiles {
  readonly out?: string;
  readonly person?: string;
  readonly svg?: string;
}

/** Person-sweeps that a small problem gets where nobody says how many: enough for errors of some thousandths among few. */
const EFFORT = 200_000;
const FEWEST_SWEEPS = 400;
const MOST_SWEEPS = 60_000;

export const addRisk: AddCommand = (program, context) => {
  const risk = addCommand(program, {
    usage: 'risk',
    summary: 'who is infected, given contacts and tests: solve, infer, timeline',
    description:
      'Infers, from contacts and tests, how probable it is that each person is susceptible, exposed, infectious or removed on each day. Works on files, with nothing running.',
    examples: [
      ['risk solve case.json --exact', 'exact marginals of a small case, as JSON'],
      ['risk infer --contacts contacts.csv --tests tests.csv --out risk.csv', 'the risk of everybody'],
      [
        'risk timeline --contacts contacts.csv --tests tests.csv --person p17 --svg p17.svg',
        'one person over time, and who may have infected it',
      ],
    ],
  });

  withChains(
    addCommand(risk, {
      usage: 'solve <case>',
      summary: 'marginals of a case as JSON',
      json: 'changes nothing: the result is JSON anyway',
      description:
        'Reads a case of the format crisp-case-v1 and prints its marginals: sampled, or with --exact enumerated, which a few persons with a few contacts allow.',
      examples: [
        ['risk solve case.json --exact', 'enumerate all joint trajectories'],
        ['risk solve case.json --sweeps 20000 --chains 4 --seed 7', 'sample'],
      ],
    }).option('--exact', 'enumerate instead of sampling'),
  ).action(async (file: string, _: SolveOptions, command: Command) => {
    const options = optionsOf(command) as SolveOptions;
    const { name, problem } = readCrispCase(await readJson('case', file), file);
    const { persons, days } = problem;
    if (options.exact) {
      const { probability, logEvidence } = enumerate(problem);
      const marginals = nested(persons, days, (person) => probability.subarray(person * days * 4));
      return print(outputOf(context, options), { name, method: 'enumeration', logEvidence, marginals });
    }
    const posterior = await inferRisk(problem, { ...chainOptions(options, persons), clusterSteps: 0 });
    const timelines = Array.from({ length: persons }, (_, person) => posterior.timeline(person));
    return print(outputOf(context, options), {
      name,
      method: 'sampling',
      chains: posterior.chains,
      sweeps: posterior.sweeps,
      marginals: nested(persons, days, (person) => timelines[person]!.probability),
      error: nested(persons, days, (person) => timelines[person]!.error),
      rHat: [...posterior.agreement.rHat],
      effectiveSamples: [...posterior.agreement.effectiveSamples],
    });
  });

  withFiles(
    addCommand(risk, {
      usage: 'infer',
      summary: 'the risk of everybody on the last day',
      description: `Reads files as an import of risk does (contacts, tests, symptoms, persons; "${HAAT} schema risk/transmission" says their columns) and says of each person how probable each state is on the last day, how exact that is (Monte-Carlo error, R-hat, effective samples), the most probable infections first.`,
      examples: [
        ['risk infer --contacts contacts.csv --tests tests.csv --out risk.csv', 'write a table'],
        ['risk infer --contacts contacts.csv --tests tests.csv --days 28 --json', 'the last four weeks, as JSON'],
        [
          'risk infer --contacts outbreak/contacts.csv --tests outbreak/tests.csv --parameters outbreak/parameters.json',
          'what "simulate risk --out outbreak" wrote, under its own parameters',
        ],
      ],
    }),
  )
    .option('--out <file>', 'write all persons to this file, as CSV')
    .action(async (_: FileOptions, command: Command) => {
      const options = optionsOf(command) as FileOptions;
      const output = outputOf(context, options);
      const files = await problemOfFiles(options);
      const posterior = await inferFiles(output, files, options, []);
      const rows = rowsOfRisk(posterior, files.persons);
      if (options.out !== undefined) await writeNamed('file of risks', options.out, riskCsv(rows));
      output.result({ ...shapeOf(files), rejected: files.rejected, rejects: files.rejects, persons: rows }, (value) =>
        riskText(value.persons, options.out),
      );
      tellFiles(output, files);
      tellRejects(context, output, files);
    });

  withFiles(
    addCommand(risk, {
      usage: 'timeline',
      summary: 'one person over time, and who may have infected it',
      description:
        'The probabilities of the states of one person on each day, and the contacts that explain its infection; --svg draws them.',
      examples: [
        ['risk timeline --contacts contacts.csv --tests tests.csv --person p17', 'as text'],
        ['risk timeline --contacts contacts.csv --tests tests.csv --person p17 --svg p17.svg', 'as a drawing'],
      ],
    }).requiredOption('--person <name>', 'pseudonym of the person'),
  )
    .option('--svg <file>', 'draw to this file')
    .action(async (_: FileOptions, command: Command) => {
      const options = optionsOf(command) as FileOptions;
      const output = outputOf(context, options);
      const files = await problemOfFiles(options);
      const person = files.persons.indexOf(options.person!);
      if (person < 0) throw cliError('USAGE', `The files name no person "${options.person}"`);
      const posterior = await inferFiles(output, files, options, [person]);
      const timeline = timelineOf(posterior, files, person);
      if (options.svg !== undefined) await writeNamed('drawing', options.svg, await drawn(timelineChart(timeline)));
      output.result(timeline, timelineText);
      tellFiles(output, files);
      tellRejects(context, output, files);
    });
};

function withChains(command: Command): Command {
  return command
    .option('--chains <n>', 'independent chains (default: 4)', wholeNumber(1, 64))
    .option('--sweeps <n>', 'sweeps of each chain that count (default: by size)', wholeNumber(1, 1e8))
    .option('--warm-up <n>', 'sweeps before that (default: a tenth)', wholeNumber(0, 1e8))
    .option('--seed <n>', 'seed of all chance', wholeNumber(0), 1)
    .option('--threads <n>', 'threads; 0: none beside this one (default: one a core)', wholeNumber(0, 64));
}

function withFiles(command: Command): Command {
  return withChains(command)
    .requiredOption('--contacts <file>', 'contacts (CSV, JSONL or Parquet)')
    .option('--tests <file>', 'tests (CSV, JSONL or Parquet)')
    .option('--symptoms <file>', 'reports of symptoms; without it nothing is known of them')
    .option('--persons <file>', 'everybody there is (default: whom the other files name)')
    .option('--parameters <file>', 'JSON with the parameters of transmission (default: those of risk/transmission)')
    .option('--days <n>', 'days of the window (default: all that the files speak of)', wholeNumber(1, 254))
    .option(
      '--until <day>',
      'last day of the window, YYYY-MM-DD (default: the last one that the files speak of)',
      calendarDay,
    );
}

function chainOptions(options: ChainOptions, persons: number): InferenceOptions {
  const bySize = Math.min(MOST_SWEEPS, Math.max(FEWEST_SWEEPS, Math.round(EFFORT / persons)));
  const { chains = 4, sweeps = bySize, warmUp = Math.ceil(sweeps / 10), seed } = options;
  const threads = options.threads ?? availableParallelism();
  return { chains, sweeps, warmUp, seed, threads, marginalsEvery: sweeps < 2 ? 1 : 2 };
}

async function inferFiles(output: Output, files: FileProblem, options: FileOptions, explain: readonly number[]) {
  const progress = output.progress('inference');
  const posterior = await inferRisk(files.problem, {
    ...chainOptions(options, files.problem.persons),
    explain,
    onProgress: (done, all) => progress.update(done / all),
  });
  progress.done(`${posterior.chains} chains of ${posterior.sweeps} counted sweeps`);
  return posterior;
}

function shapeOf({ problem, firstDay }: FileProblem) {
  return { firstDay, days: problem.days };
}

function tellFiles(output: Output, { outside }: FileProblem): void {
  if (outside > 0) output.note(`${outside} rows are of days outside the window, and were not used`);
}

/** [persons][days][4]. */
function nested(persons: number, days: number, of: (person: number) => Float64Array): number[][][] {
  return Array.from({ length: persons }, (_, person) =>
    Array.from({ length: days }, (_, day) => [...of(person).subarray(day * 4, day * 4 + 4)]),
  );
}

function print(output: Output, value: object): void {
  output.result(value, (said) => JSON.stringify(said, null, 2));
}
