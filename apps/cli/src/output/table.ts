/**
 * Rows as aligned text columns under their headers; numbers stand to the right. No rows give the header alone.
 */
export function table<Row extends object>(
  rows: readonly Row[],
  columns: Readonly<Record<string, (row: Row) => unknown>>,
): string {
  const headers = Object.keys(columns);
  const cells = rows.map((row) => headers.map((header) => columns[header](row)));
  const text = [
    headers,
    ...cells.map((line) => line.map((cell) => (cell === null || cell === undefined ? '-' : String(cell)))),
  ];
  const widths = headers.map((_, i) => Math.max(...text.map((line) => line[i].length)));
  const numeric = headers.map((_, i) => cells.length > 0 && cells.every((line) => typeof line[i] === 'number'));
  return text
    .map((line) =>
      line
        .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Pairs as lines `name  value`, names aligned. */
export function pairs(values: Readonly<Record<string, unknown>>): string {
  const width = Math.max(...Object.keys(values).map((name) => name.length));
  return Object.entries(values)
    .map(([name, value]) => `${name.padEnd(width)}  ${value}`)
    .join('\n');
}

const grouped = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 0 });

/** Rupees without fractions, in Indian grouping. */
export function rupees(amount: number): string {
  return `₹ ${grouped.format(amount)}`;
}

const plain = new Intl.NumberFormat('en-IN', { maximumSignificantDigits: 6 });

/** A number to six digits, in Indian grouping. */
export function number(value: number): string {
  return plain.format(value);
}

export function percent(share: number, digits = 2): string {
  return `${(share * 100).toFixed(digits)} %`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Bytes in the largest binary unit that gives at least 1. */
export function bytes(count: number): string {
  const power = count < 1 ? 0 : Math.min(4, Math.floor(Math.log2(count) / 10));
  return `${(count / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}
