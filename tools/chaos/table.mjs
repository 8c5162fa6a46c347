import { table } from '../print/markdown.mjs';
import { faults } from './faults.mjs';

/** Codes that a cell names; more are counted. */
const CODES_NAMED = 3;

/** A row as the tests tell it, with what they leave out. */
export const wholeRow = (row) => ({ double: 0, half: 0, failed: 0, codes: [], secondsBack: null, ...row });

/** Whether nothing was lost, done twice, half done or answered wrongly. */
export const isWell = ({ lost, double, half, failed }) => lost + double + half + failed === 0;

function happened({ happened: words, codes, secondsBack }) {
  const told = codes.length > CODES_NAMED ? `${codes.length} typed codes` : codes.join(', ');
  return [words, told && `clients were told ${told}`, secondsBack !== null && `back within ${secondsBack.toFixed(1)} s`]
    .filter(Boolean)
    .join('; ');
}

function lost(row) {
  const counts = ['lost', 'double', 'half', 'failed']
    .filter((kind) => row[kind] > 0)
    .map((kind) => `${row[kind]} ${kind}`);
  return counts.length > 0 ? counts.join(', ') : 'nothing';
}

/** The table of Markdown: `rows` by fault; a wanted fault without a row has failed before it could tell. */
export function chaosTable(wanted, rows) {
  const cells = wanted.map((name) => {
    const row = rows.get(name);
    const { what } = faults[name];
    return row === undefined
      ? [what, '', 'FAILED before it could tell', '?']
      : [what, row.rounds, happened(row), lost(row)];
  });
  return table(['fault', 'rounds', 'what happened', 'lost'], cells);
}
