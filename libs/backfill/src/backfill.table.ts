/** The table that a backfill writes. Names are identifiers of SQL as they stand; they come from code alone. */
export interface BackfillTable {
  /** `schema.table`. */
  readonly name: string;
  /** The key column, text. */
  readonly key: string;
  /** Columns that differ from row to row, with their types. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that are the same for all rows of a chunk, with their types. */
  readonly constants: Readonly<Record<string, string>>;
  /** The column whose values a report counts: before -> after. */
  readonly label: string;
  /** Numeric columns that a report sums. */
  readonly measures: readonly string[];
}

/**
 * The statements over one table. Each is one set-based statement, however many rows. A before-image holds each column as
 * PostgreSQL writes it, which keeps every digit and tells a null from a JSON null; a digest is that of the row's binary form.
 */
export interface TableStatements {
  /**
   * $1 keys, $2 evidence (JSON, a line each), $3 backfill's id, $4 domain, $5 model digest (hex), then the columns: an array each, a
   * single value for the constant ones. Writes the rows, what each was before, and answers the moves.
   */
  readonly write: string;
  /** $1 keys, then the columns: answers the moves that `write` would make. */
  readonly compare: string;
  /**
   * $1 the backfill that is undone, $2 after, $3 through, $4 force, $5 the undo's own backfill: puts rows back and answers the
   * moves; those that were not `moved` are kept.
   */
  readonly undo: string;
}

export function tableStatements({ name, key, columns, constants, label, measures }: BackfillTable): TableStatements {
  const varying = Object.keys(columns);
  const names = [...varying, ...Object.keys(constants)];
  const list = names.join(', ');
  const arrays = (from: number) => varying.map((column, at) => `, $${from + at}::${columns[column]}[]`).join('');
  const scalars = (from: number) =>
    Object.entries(constants)
      .map(([column, type], at) => `, $${from + varying.length + at}::${type} as ${column}`)
      .join('');
  const inputOf = (from: number, more = '', arrayOf = '') =>
    `input as (select i.*${scalars(from)} from unnest($1::text[]${arrayOf}${arrays(from)}) as i (${['key', ...(more ? [more] : []), ...varying].join(', ')}))`;
  const assigned = (source: string) => names.map((column) => `${column} = ${source}.${column}`).join(', ');
  const seen = (before: string, after: string) =>
    [
      `${before}.${label}::text as label_before, ${after}.${label}::text as label_after`,
      ...measures.map((m, at) => `${before}.${m} as before_${at}, ${after}.${m} as after_${at}`),
    ].join(', ');
  const moves = (source: string, moved = 'true') =>
    `select ${moved} as moved, had, has, label_before, label_after, count(*)::int as rows,
       (array_agg(key order by key))[1:5] as examples
       ${measures.map((_, at) => `, sum(before_${at})::float8 as before_${at}, sum(after_${at})::float8 as after_${at}`).join('')}
     from ${source} group by 1, 2, 3, 4, 5`;
  const counted = ['label_before', 'label_after', ...measures.flatMap((_, at) => [`before_${at}`, `after_${at}`])];
  const digest = (row: string) =>
    `sha256(record_send(row(${[key, ...names].map((column) => `${row}.${column}`).join(', ')})))`;
  const image = `json_build_object(${names.map((column) => `'${column}', old.${column}::text`).join(', ')})`;
  const types = { ...columns, ...constants };
  const restored = `from change c cross join lateral (
          select ${names.map((column) => `b.${column}::${types[column]}`).join(', ')}
          from json_to_record(c.before) as b (${names.map((column) => `${column} text`).join(', ')})
        ) b`;

  return {
    write: `with ${inputOf(6, 'evidence', ", string_to_array($2, e'\\n')::json[]")},
      written as (
        insert into ${name} as t (${key}, ${list}) select key, ${list} from input order by key
        on conflict (${key}) do update set ${assigned('excluded')}
        returning t.${key} as key, old.${key} is not null as had, true as has, ${seen('old', 'new')},
          case when old.${key} is not null then ${image} end as image, ${digest('new')} as after_digest
      ), kept as (
        insert into platform.backfill_change (backfill, domain, key, before, after_digest, model_digest, evidence)
        select $3, $4, key, image, after_digest, decode($5, 'hex'), evidence from written join input using (key)
      ) ${moves('written')}`,

    compare: `with ${inputOf(2)},
      compared as (
        select i.key, t.${key} is not null as had, true as has, ${seen('t', 'i')}
        from input i left join ${name} t on t.${key} = i.key
      ) ${moves('compared')}`,

    undo: `with change as materialized (
        select key, before, after_digest from platform.backfill_change
        where backfill = $1 and undone_by is null and ($2::text is null or key > $2) and key <= $3
      ), put_back as (
        update ${name} t set ${assigned('b')} ${restored}
        where t.${key} = c.key and c.before is not null and ($4::boolean or ${digest('t')} = c.after_digest)
        returning c.key, true as had, true as has, ${seen('old', 'new')}
      ), removed as (
        delete from ${name} t using change c
        where t.${key} = c.key and c.before is null and ($4 or ${digest('t')} = c.after_digest)
        returning c.key, true as had, false as has, ${seen('old', 'new')}
      ), made as (
        insert into ${name} as t (${key}, ${list})
        select c.key, ${names.map((column) => `b.${column}`).join(', ')} ${restored}
        where $4 and c.before is not null and not exists (select from ${name} t where t.${key} = c.key)
        returning t.${key} as key, false as had, true as has, ${seen('old', 'new')}
      ), undone as (select * from put_back union all select * from removed union all select * from made),
      marked as (
        update platform.backfill_change set undone_by = $5
        where backfill = $1 and key = any(array(select key from undone))
      ), outcome as (
        select c.key, u.key is not null as moved, ${['had', 'has', ...counted].map((one) => `u.${one}`).join(', ')}
        from change c left join undone u on u.key = c.key
      )
      ${moves('outcome', 'moved')}`,
  };
}
