import { type Tree } from '@nx/devkit';
import { domainTables } from './workspace.facts.ts';
import { refuse } from './refusal.ts';

/** A name in the forms that code writes it: `first-scan`, `firstScan`, `FirstScan`, `first_scan`, `First scan`. */
export interface Name {
  readonly kebab: string;
  readonly camel: string;
  readonly pascal: string;
  readonly snake: string;
  readonly words: string;
}

const KEBAB = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/;
const WORD = /^[a-z][a-z0-9]*$/;
const SNAKE = /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/;
const MOST_LETTERS = 30;

/** Words that SQL keeps to itself where a table or a column is named (PostgreSQL, appendix C). */
const sql = new Set(
  'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user some symmetric system_user table then to trailing true union unique user using variadic when where window with'.split(
    ' ',
  ),
);

/** @throws Error that says what a name may be */
export function kebabName(what: string, text: string): Name {
  if (!KEBAB.test(text) || text.length > MOST_LETTERS)
    throw refuse(
      `${what} "${text}"`,
      `expected lower-case words joined by "-", at most ${MOST_LETTERS} letters`,
      'For example first-scan.',
    );
  const words = text.split('-');
  const upper = words.map((word) => word[0]!.toUpperCase() + word.slice(1));
  return {
    kebab: text,
    camel: words[0]! + upper.slice(1).join(''),
    pascal: upper.join(''),
    snake: words.join('_'),
    words: words.join(' '),
  };
}

/** A name that becomes a schema of the database, roles and environment variables as it stands. */
export function wordName(what: string, text: string): Name {
  if (!WORD.test(text) || text.length > MOST_LETTERS)
    throw refuse(
      `${what} "${text}"`,
      `expected one lower-case word of letters and digits, at most ${MOST_LETTERS}`,
      'For example delivery.',
    );
  if (sql.has(text)) throw refuse(`${what} "${text}"`, 'the word is one of SQL', 'Choose another word.');
  return kebabName(what, text);
}

/** A name that becomes a column. */
export function columnName(what: string, text: string): string {
  if (SNAKE.test(text) && text.length <= MOST_LETTERS && !reserved.has(text) && !sql.has(text)) return text;
  throw refuse(
    `${what} "${text}"`,
    `expected lower-case words joined by "_", at most ${MOST_LETTERS} letters, neither a word of SQL nor a column that the table has already (${[...reserved].join(', ')})`,
    'For example weight_g.',
  );
}

const reserved = new Set(['id', 'valid_from', 'revision', 'state', 'event_time', 'point']);

/** The domain, if the house has it. */
export function knownDomain(tree: Tree, text: string): Name {
  const domains = domainTables(tree);
  if (!domains.includes(text))
    throw refuse(
      `Domain "${text}"`,
      `expected one of ${domains.join(', ')}`,
      'Make a new one by "npx nx g @haat/tools:domain".',
    );
  return wordName('Domain', text);
}
