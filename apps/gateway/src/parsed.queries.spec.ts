import { ParsedQueries, withoutParserCache } from './parsed.queries.ts';

const query = (id: number, length: number) => `{ product(id: "${String(id).padEnd(length, 'x')}") { id } }`;

describe('ParsedQueries', () => {
  it('parses what is asked again once', () => {
    const queries = new ParsedQueries();
    expect(queries.read(query(1, 10), 100)).toBe(queries.read(query(1, 10), 100));
    expect(queries.read(query(2, 10), 100)).not.toBe(queries.read(query(1, 10), 100));
  });

  it('forgets by the length of what it keeps: a few long queries, or many short ones', () => {
    const queries = new ParsedQueries();
    const [short, long] = [queries.read(query(0, 10), 100), queries.read(query(0, 30_000), 100)];
    for (let id = 1; id <= 100; id += 1) queries.read(query(id, 10), 100);
    expect(queries.read(query(0, 10), 100)).toBe(short);
    for (let id = 1; id <= 10; id += 1) queries.read(query(id, 30_000), 100);
    expect(queries.read(query(0, 30_000), 100)).not.toBe(long);
  });

  it('refuses what is no query, each time', () => {
    const queries = new ParsedQueries();
    for (const _twice of [1, 2]) expect(() => queries.read('{', 100)).toThrow('Syntax Error');
  });
});

describe('withoutParserCache', () => {
  const other = { onParse: () => undefined, onExecute: () => undefined };
  const cache = { onParse: () => undefined, onValidate: () => undefined };

  it('leaves of the cache what it does for validation, and all else as it is', () => {
    const plugins = [other, cache, null];
    withoutParserCache(plugins);
    expect(plugins).toEqual([other, { onValidate: cache.onValidate }, null]);
  });

  it.each([[[other]], [[cache, other, { ...cache }]]])('fails where there is not exactly one', (plugins) => {
    expect(() => withoutParserCache(plugins)).toThrow(/Expected one cache .* found [02]/);
  });
});
