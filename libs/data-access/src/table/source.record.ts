/** One record of a file as text, before anything is known of its meaning. */
export interface SourceRecord {
  /** Physical line on which it begins, counted from 1 (Parquet: number of the row). */
  readonly line: number;
  /** Values in the header's order; null where there is none. Of a broken record: what could be told apart. */
  readonly fields: readonly (string | null)[];
  /** Why the record cannot be read, where it cannot. */
  readonly problem?: string;
  /** The line as it stands, where its quoting is broken: taken apart and quoted anew it would look like a good one. */
  readonly raw?: string;
}

/** A file whose header has been read. */
export interface SourceRecords {
  readonly header: readonly string[];
  /** All records in order, once, in batches, each with the number of the file's bytes that have been read so far. */
  batches(): AsyncIterable<{ readonly records: readonly SourceRecord[]; readonly bytesRead: number }>;
}
