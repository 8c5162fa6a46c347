import { type Tree } from '@nx/devkit';
import { specifiedScalarTypes } from 'graphql';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
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

/** How names are written, for whom a refusal tells it. */
interface Spelling {
  readonly pattern: RegExp;
  readonly expected: string;
  readonly example: string;
}

const MOST_LETTERS = 30;
const word: Spelling = {
  pattern: /^[a-z][a-z0-9]*$/,
  expected: 'one lower-case word of letters and digits',
  example: 'delivery',
};
const kebab: Spelling = {
  pattern: /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/,
  expected: 'lower-case words joined by "-"',
  example: 'first-scan',
};
const snake: Spelling = {
  pattern: /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/,
  expected: 'lower-case words joined by "_"',
  example: 'weight_g',
};

/** Words that PostgreSQL keeps to itself where a schema or a column is named: `pg_get_keywords`, categories R and T. */
const sql = new Set(
  'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with'.split(
    ' ',
  ),
);

/** What a strict module keeps from its variables, though the scanner takes it for a name, and what a class keeps from its fields. */
const strict = new Set(['arguments', 'await', 'constructor', 'eval', 'undefined']);

/** Whether a word of ECMAScript may name neither a variable nor a field. */
function reservedByCode(text: string): boolean {
  const kind = ts.createScanner(ts.ScriptTarget.Latest, true, undefined, text).scan();
  return strict.has(text) || (kind >= ts.SyntaxKind.FirstReservedWord && kind <= ts.SyntaxKind.LastFutureReservedWord);
}

/** What the language itself has: `Date`, `Map`, `Float64Array`. */
const globals = new Set(runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]);

/** Types that GraphQL has, in any case, since `Id` beside `ID` is a trap for readers. */
const graphqlTypes = new Set([
  ...specifiedScalarTypes.map(({ name }) => name.toLowerCase()),
  ...['query', 'mutation', 'subscription'],
]);

/** Domains whose schema or role would be others'. */
const takenDomains = new Map([
  ['public', 'every database of PostgreSQL has a schema of this name'],
  ['owner', 'the role haat_owner owns all schemas'],
]);

/** Columns and fields that every table or type of facts has. */
const factsOfAll = new Set(['id', 'valid_from', 'revision', 'state', 'event_time', 'point', 'known_since']);

/** The text, if it is spelled so and is no word of SQL or ECMAScript. @throws Error that says what it may be */
function spelled(what: string, text: string, { pattern, expected, example }: Spelling): string {
  const why =
    !pattern.test(text) || text.length > MOST_LETTERS
      ? `expected ${expected}, at most ${MOST_LETTERS} letters`
      : sql.has(text)
        ? 'the word is one of SQL'
        : reservedByCode(text)
          ? 'the word is one of ECMAScript'
          : undefined;
  if (why) throw refuse(`${what} "${text}"`, why, `Choose another, for example ${example}.`);
  return text;
}

/** All forms of a text whose words are joined by "-". */
function formsOf(text: string): Name {
  const words = text.split('-');
  const upper = words.map((one) => one[0]!.toUpperCase() + one.slice(1));
  return {
    kebab: text,
    camel: words[0]! + upper.slice(1).join(''),
    pascal: upper.join(''),
    snake: words.join('_'),
    words: words.join(' '),
  };
}

/** A name that becomes a schema of the database, roles and environment variables as it stands. */
export function domainName(text: string): Name {
  const why = takenDomains.get(text);
  if (why) throw refuse(`Domain "${text}"`, why, 'Choose another word.');
  return formsOf(spelled('Domain', text, word));
}

/** A name that becomes a table, a class and a type of the graph. */
export function entityName(text: string): Name {
  const name = formsOf(spelled('Entity', text, word));
  const why = graphqlTypes.has(text)
    ? 'GraphQL has a type of this name'
    : globals.has(name.pascal)
      ? `its class would hide the global ${name.pascal}`
      : undefined;
  if (why) throw refuse(`Entity "${text}"`, why, 'Choose another word, for example parcel.');
  return name;
}

/** A name that becomes classes, files, and a constant of the worker. */
export const modelName = (text: string): Name => formsOf(spelled('Model', text, kebab));

/** A name that becomes a column, a variable and a field. */
export function columnName(what: string, text: string): string {
  if (factsOfAll.has(spelled(what, text, snake)))
    throw refuse(`${what} "${text}"`, 'the table or the type has it already', 'Choose another, for example weight_g.');
  return text;
}

/** Whether names differ in nothing but in how their words are joined or written large, which no reader would keep apart. */
export function lookAlike(one: string, other: string): boolean {
  const letters = (text: string) => text.replaceAll(/[-_]/g, '').toLowerCase();
  return letters(one) === letters(other);
}

/** The field that shows a column: `weight_g` -> `weightG`. */
export function fieldName(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The domain, if the house has it. */
export function knownDomain(tree: Tree, text: string): Name {
  const domains = domainTables(tree);
  if (!domains.includes(text))
    throw refuse(
      `Domain "${text}"`,
      `expected one of ${domains.join(', ')}`,
      'Make a new one by "npx nx g @haat/tools:domain".',
    );
  return formsOf(text);
}
