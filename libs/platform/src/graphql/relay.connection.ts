import type { Type } from '@nestjs/common';
import { Directive, Field, ObjectType } from '@nestjs/graphql';
import { edgeError } from '../platform.errors.ts';

@ObjectType({ description: 'Where a page stands in its list (Relay).' })
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

export interface Edge<T> {
  cursor: string;
  node: T;
}

export interface Connection<T> {
  edges: Edge<T>[];
  pageInfo: PageInfo;
}

/** The Relay connection type `<name>Connection` over a node type. Call it once a node type. */
export function connectionOf<T extends object>(node: Type<T>, name: string): Type<Connection<T>> {
  @ObjectType(`${name}Edge`)
  class EdgeType implements Edge<T> {
    @Field(() => String)
    cursor!: string;

    @Field(() => node)
    node!: T;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionType implements Connection<T> {
    @Field(() => [EdgeType])
    edges!: EdgeType[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }

  return ConnectionType;
}

/**
 * One page of a forward connection. `rows` are the rows after the cursor, one more than `first` where there are more;
 * `cursorOf` names a row's place. `after` says whether the page follows another.
 */
export function pageOf<T>(
  rows: readonly T[],
  first: number,
  after: string | null | undefined,
  cursorOf: (row: T) => string,
): Connection<T> {
  const edges = rows.slice(0, first).map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after !== null && after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/**
 * `value` if it is a whole number in [least, most].
 * @throws INVALID_ARGUMENT with the argument's name otherwise.
 */
export function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw edgeError('INVALID_ARGUMENT', `${name}: expected a whole number from ${least} to ${most}, got ${value}`, {
    field: name,
    least,
    most,
    value,
  });
}

/** A number above 0, `most` at the most. @throws INVALID_ARGUMENT */
export function positive(name: string, value: number, most: number): number {
  if (value > 0 && value <= most) return value;
  throw edgeError('INVALID_ARGUMENT', `${name}: expected a number above 0, at most ${most}, got ${value}`, {
    field: name,
    most,
    value,
  });
}
