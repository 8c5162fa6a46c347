import { formatFiles, generateFiles, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { lookAlike } from '../names.ts';
import { refuse } from '../refusal.ts';

interface AdrOptions {
  readonly title: string;
  readonly after?: number;
  readonly context?: string;
  readonly decision?: string;
  readonly consequences?: string;
}

const FOLDER = 'docs/adr';
const INDEX = `${FOLDER}/README.md`;
const MOST_LETTERS = 60;

/** Writes a decision under the next free number, and its line into the index. */
export default async function adrGenerator(tree: Tree, options: AdrOptions): Promise<void> {
  writeDecision(tree, options);
  await formatFiles(tree);
}

/** The same, unformatted. @throws Error that says what is wrong with the title, and what to do */
export function writeDecision(tree: Tree, options: AdrOptions): void {
  const title = options.title.trim().replace(/\.$/, '');
  const slug = title
    .toLowerCase()
    .replace(/'/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (/[[\]\r\n]/.test(title))
    throw refuse(`Title "${title}"`, 'expected one line without [ and ], since it stands in a link', 'Leave them out.');
  if (slug === '' || slug.length > MOST_LETTERS)
    throw refuse(
      `Title "${title}"`,
      `expected a short sentence whose file name has 1 to ${MOST_LETTERS} letters, got ${slug.length}`,
      'Say what is decided in a few words; the reasons go into the text.',
    );
  const decisions = tree.children(FOLDER).flatMap((name) => {
    const [, number, about] = /^(\d{4})-(.*)\.md$/.exec(name) ?? [];
    return number === undefined ? [] : [{ name, number: Number(number), about }];
  });
  const same = decisions.find(({ about }) => about !== undefined && lookAlike(about, slug));
  if (same)
    throw refuse(
      `Title "${title}"`,
      `${FOLDER}/${same.name} says so already`,
      'Change that one, or say what is decided now.',
    );
  const number = freeNumber(new Set(decisions.map((one) => one.number)), options.after);
  generateFiles(tree, join(import.meta.dirname, 'files'), FOLDER, {
    number,
    slug,
    title,
    context: options.context ?? '_What stood before us: the facts that a reader of next year does not know._',
    decision: options.decision ?? '_What we do, in the present tense._',
    consequences:
      options.consequences ?? '_What follows from it, for better and for worse; what we did not take, and why._',
  });
  index(tree, number, `- [${number}](${number}-${slug}.md) ${title}`);
}

function freeNumber(taken: ReadonlySet<number>, after: number | undefined): string {
  let number = (after ?? Math.max(0, ...taken)) + 1;
  while (taken.has(number)) number += 1;
  if (number > 9_999) throw refuse('Numbers of decisions', 'all up to 9999 are taken', 'Leave out --after.');
  return String(number).padStart(4, '0');
}

/** Puts the line where its number belongs, as printing the page would. */
function index(tree: Tree, number: string, line: string): void {
  const page = tree.read(INDEX, 'utf8');
  if (page === null) return;
  const lines = page.split('\n');
  const numberOf = (text: string) => /^- \[(\d{4})\]/.exec(text)?.[1];
  const next = lines.findIndex((text) => (numberOf(text) ?? '') > number);
  const last = lines.findLastIndex((text) => numberOf(text) !== undefined);
  lines.splice(next >= 0 ? next : last + 1, 0, line);
  tree.write(INDEX, lines.join('\n'));
}
