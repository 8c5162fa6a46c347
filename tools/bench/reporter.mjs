import { machine } from './machine.mjs';

const number = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 });

/** Collects measurements: a JSON line each as they come, and a table at the end. */
export class Reporter {
  #rows = [];
  #failed = 0;

  /** @param row `{ metric, value, unit, size, seed?, peer? }`; `peer` is null for ours */
  row({ metric, value, unit, size, seed = null, peer = null }) {
    const row = { metric, value, unit, size, seed, peer };
    this.#rows.push(row);
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }

  heading(name, what) {
    process.stderr.write(`\n# ${name}: ${what}\n`);
  }

  note(text) {
    process.stderr.write(`  ${text}\n`);
  }

  /** A peer that could not run is said aloud, and is a row of its own. */
  skipped(peer, why) {
    process.stderr.write(`  !!! SKIPPED ${peer}: ${why}\n`);
    process.stdout.write(`${JSON.stringify({ skipped: peer, why })}\n`);
  }

  failed(name, error) {
    this.#failed++;
    process.stderr.write(`  !!! FAILED ${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.stdout.write(`${JSON.stringify({ failed: name, why: String(error) })}\n`);
  }

  table() {
    const header = ['metric', 'value', 'unit', 'size', 'seed', 'peer'];
    const cells = this.#rows.map((row) => [
      row.metric,
      typeof row.value === 'number' ? number.format(row.value) : String(row.value),
      row.unit,
      String(row.size),
      row.seed === null ? '' : String(row.seed),
      row.peer ?? 'Haat',
    ]);
    const width = header.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at].length)));
    const line = (row) => `| ${row.map((cell, at) => cell.padEnd(width[at])).join(' | ')} |\n`;
    const rule = `|${width.map((size) => '-'.repeat(size + 2)).join('|')}|\n`;
    process.stderr.write(`\n${machine()}\n\n`);
    process.stderr.write(line(header) + rule + cells.map(line).join(''));
    if (this.#failed > 0) process.stderr.write(`\n${this.#failed} benches FAILED, see above\n`);
  }
}
