import { isDomainError, type DomainError } from '@haat/kit';

/** Lines that one model run takes. Large enough for the run to outweigh its call, small enough to stay in cache. */
const BATCH_LINES = 4096;

/** What one line of output says in place of a prediction. */
export interface BadLine {
  readonly id: unknown;
  readonly error: { readonly code: string; readonly message: string; readonly field: string };
}

export interface JsonlPredictor<Row = unknown, Answer extends object = object> {
  /** The field that names a row where it has no `id`. */
  readonly named: string;
  /** One parsed line to a row. Throws a DomainError whose details name the `field`. */
  parse(raw: unknown, place: string): Row;
  /** Answers in the order of the rows; for a row that turns out to be bad, what is wrong with it. */
  predict(rows: readonly Row[]): Promise<readonly (Answer | DomainError)[]>;
}

export interface PredictedLines {
  readonly text: string;
  readonly good: number;
  readonly bad: number;
}

/**
 * Answers JSON lines in order, a batch at a time: for each input line one output line with the `id` echoed (null where it
 * has none), either the answer or, for a bad row, what is wrong with it. An error of the model itself is thrown.
 */
export async function* predictLines<Row, Answer extends object>(
  lines: AsyncIterable<string>,
  predictor: JsonlPredictor<Row, Answer>,
): AsyncGenerator<PredictedLines> {
  let first = 1;
  for await (const batch of batches(lines)) {
    const read = batch.map((line, i) => readLine(line, first + i, predictor));
    const answers = (await predictor.predict(read.flatMap((one) => ('row' in one ? [one.row] : [])))).values();
    const said = read.map((one) => {
      if (!('row' in one)) return one;
      const answer = answers.next().value!;
      return isDomainError(answer) ? badLine(one.id, answer) : { id: one.id, ...answer };
    });
    const bad = said.filter((one) => 'error' in one).length;
    const text = said.map((one) => `${JSON.stringify(one)}\n`).join('');
    yield { text, good: batch.length - bad, bad };
    first += batch.length;
  }
}

function readLine<Row>(
  line: string,
  number: number,
  predictor: JsonlPredictor<Row>,
): { id: unknown; row: Row } | BadLine {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch (error) {
    const message = `line ${number}: expected a JSON object, got ${excerpt(line)} (${(error as Error).message})`;
    return { id: null, error: { code: 'INVALID_JSON_LINE', message, field: 'row' } };
  }
  const id = idOf(raw, predictor.named);
  try {
    return { id, row: predictor.parse(raw, `line ${number}`) };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return badLine(id, error);
  }
}

function badLine(id: unknown, { code, message, details }: DomainError): BadLine {
  return { id, error: { code, message, field: String(details['field'] ?? 'row') } };
}

/** The caller's name of a row: `id`, else its field `named`, else null. */
function idOf(raw: unknown, named: string): unknown {
  if (typeof raw !== 'object' || raw === null) return null;
  const fields = raw as Readonly<Record<string, unknown>>;
  return fields['id'] ?? fields[named] ?? null;
}

function excerpt(line: string): string {
  if (line.trim() === '') return 'an empty line';
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

async function* batches(lines: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length < BATCH_LINES) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
