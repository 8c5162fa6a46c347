import { createHash } from 'node:crypto';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';

import type { PolicyOutcome } from '@haat/risk/contract';
import type { PolicyExperiment } from '@haat/risk/policy';

import { cliError } from '../../cli.errors.ts';

/**
 * Outcomes in a file, a line of JSON each, below one that says of which experiment they are: a simulation that was interrupted goes on where it stopped, and more
 * seeds may be added. A last line, the first one too, that was torn by a kill is cut off; the whole ones before it are never written again.
 * @throws USAGE where the file is of another experiment, FILE_UNUSABLE where it cannot be read or a whole line of it is no outcome
 */
export async function keptOutcomes(file: string, { seeds: _, ...experiment }: PolicyExperiment) {
  const digest = createHash('sha256').update(JSON.stringify(experiment)).digest('hex');
  const head = `${JSON.stringify({ experiment: digest })}\n`;
  const text = await readFile(file, 'utf8').catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return '';
    throw cliError('FILE_UNUSABLE', `The file of outcomes ${file} cannot be read: ${failure.message}`, { file });
  });
  if (!head.startsWith(text) && !text.startsWith(head)) {
    throw cliError('USAGE', `${file} holds no outcomes of this experiment: name another file with --outcomes`);
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole === '') await writeFile(file, head);
  else if (whole !== text) await truncate(file, Buffer.byteLength(whole));
  const lines = whole.slice(head.length).split('\n').slice(0, -1);
  return {
    known: lines.map((line, at) => outcomeOf(line, file, at + 2)),
    keep: (outcome: PolicyOutcome) => appendFile(file, `${JSON.stringify(outcome)}\n`),
  };
}

function outcomeOf(line: string, file: string, number: number): PolicyOutcome {
  try {
    return JSON.parse(line) as PolicyOutcome;
  } catch {
    throw cliError('FILE_UNUSABLE', `${file} line ${number}: expected an outcome as JSON, got ${line.slice(0, 40)}`, {
      file,
      line: number,
    });
  }
}
