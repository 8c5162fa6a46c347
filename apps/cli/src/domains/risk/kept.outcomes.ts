import { createHash } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';

import type { PolicyOutcome } from '@haat/risk/contract';
import type { PolicyExperiment } from '@haat/risk/policy';

import { cliError } from '../../cli.errors.ts';

/**
 * Outcomes in a file, a line of JSON each, below one that says of which experiment they are: a simulation that was interrupted goes on where it stopped, and more
 * seeds may be added. A last line that was cut off is left out.
 * @throws USAGE where the file is of another experiment
 */
export async function keptOutcomes(file: string, { seeds: _, ...experiment }: PolicyExperiment) {
  const digest = createHash('sha256').update(JSON.stringify(experiment)).digest('hex');
  const head = `${JSON.stringify({ experiment: digest })}\n`;
  const text = await readFile(file, 'utf8').catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return '';
    throw cliError('FILE_UNUSABLE', `The file of outcomes ${file} cannot be read: ${failure.message}`, { file });
  });
  if (text !== '' && !text.startsWith(head)) {
    throw cliError('USAGE', `${file} holds no outcomes of this experiment: name another file with --outcomes`);
  }
  const lines = text.slice(head.length, text.lastIndexOf('\n') + 1).split('\n');
  const whole = lines.filter((line) => line !== '');
  await writeFile(file, [head, ...whole.map((line) => `${line}\n`)].join(''));
  return {
    known: whole.map((line) => JSON.parse(line) as PolicyOutcome),
    keep: (outcome: PolicyOutcome) => appendFile(file, `${JSON.stringify(outcome)}\n`),
  };
}
