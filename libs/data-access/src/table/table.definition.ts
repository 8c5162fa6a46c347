/** How the text of a value is read; 'text' is left as it is. */
export type ColumnKind = 'text' | 'number' | 'boolean';

export interface TableColumn {
  readonly kind: ColumnKind;
  /** The unit that the definition speaks in; files may use another of its kind by their mapping. */
  readonly unit?: string;
  /** The header may lack it. */
  readonly optional?: true;
}

/** A table as files carry it: the columns, and what makes a row of them. */
export interface TableDefinition<Row> {
  /** The file's name without its ending. */
  readonly name: string;
  readonly columns: Readonly<Record<string, TableColumn>>;
  /**
   * The row of raw values by column (a value that is missing is absent; a number or boolean that could not be read is still
   * text). Throws a `DomainError` whose details hold `field`, `expected` and `got` for a bad one.
   */
  parse(raw: Readonly<Record<string, unknown>>): Row;
  /** The text of the columns that must differ between two rows of a file. */
  key(row: Row): readonly string[];
  /** Their names, for messages. */
  readonly keyColumns: readonly string[];
}

/** A row that was refused: where, and why. `column` is null when the whole record cannot be read. */
export interface RejectedRow {
  readonly file: string;
  /** Physical line, counted from 1 (Parquet: number of the row). */
  readonly line: number;
  readonly column: string | null;
  readonly reason: string;
}

/** Where the columns of one table are in a file and in which units: own column -> the file's. */
export type TableMapping = Readonly<Record<string, { readonly column?: string; readonly unit?: string }>>;

/** Mappings by table. */
export type ColumnMapping = Readonly<Record<string, TableMapping>>;
