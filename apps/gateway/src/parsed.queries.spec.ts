import { ParsedQueries } from './parsed.queries.ts';

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
