/** Text inside a table's cell. */
export const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ').trim();

/** A table of Markdown. */
export function table(columns, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text) => (text === '' ? '' : `\`${text}\``);

/** Said at the top of every printed page. */
export const printedFrom = (what) => `<!-- Printed from ${what} by "npm run print". Change it there. -->`;
