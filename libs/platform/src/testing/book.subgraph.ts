import { errorsOf } from '@haat/kit';
import { Module } from '@nestjs/common';
import {
  Args,
  Context,
  Directive,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { z } from 'zod';
import {
  Access,
  actorOf,
  connectionOf,
  createLogger,
  decodeCursor,
  encodeCursor,
  loaderPerRequest,
  pageOf,
  serverVariables,
  startApp,
  subgraphModule,
  wholeNumber,
  type Connection,
  type RunningApp,
} from '../index.ts';
import { internalTokenSecret } from './subgraph.client.ts';

const listError = errorsOf({ UNKNOWN_BOOK: 'caller', SHELF_BUSY: 'retry', SHELF_BROKEN: 'fault' } as const);

class Shelf {
  reads: (readonly string[])[] = [];
  read(ids: readonly string[]): (string | Error)[] {
    this.reads.push(ids);
    return ids.map((id) =>
      id === 'b9' ? listError('UNKNOWN_BOOK', 'Book "b9" is not known', { field: 'id' }) : `title of ${id}`,
    );
  }
}

@ObjectType()
@Directive('@key(fields: "id")')
export class Book {
  @Access('reader')
  @Field(() => ID)
  id!: string;
}

@InputType()
class Span {
  @Field(() => Date)
  from!: Date;
}

const BookConnection = connectionOf(Book, 'Book');

@Resolver(() => Book)
export class BookResolver {
  readonly titles = loaderPerRequest((ids: readonly string[]) => Promise.resolve(this.shelf.read(ids)));
  constructor(private readonly shelf: Shelf) {}

  @ResolveReference()
  reference({ id }: { id: string }): Book {
    return { id };
  }

  @Access('reader')
  @Query(() => BookConnection)
  books(
    @Args('first', { type: () => Int }) first: number,
    @Args('after', { nullable: true, type: () => String }) after?: string | null,
  ): Connection<Book> {
    wholeNumber('first', first, 0, 3);
    const start = !after ? 0 : decodeCursor(after, z.tuple([z.int()]))[0] + 1;
    const rows = [0, 1, 2, 3, 4].slice(start, start + first + 1).map((n) => ({ n, id: `b${n}` }));
    return pageOf(rows, first, after, ({ n }) => encodeCursor([n]));
  }

  @Access('reader')
  @Query(() => Book, { nullable: true })
  book(@Args('id', { type: () => ID }) id: string): Book {
    return { id };
  }

  @Access('operator')
  @Subscription(() => String, { nullable: true, resolve: (title: string) => title })
  async *bookArrivals(@Context() context: object): AsyncIterable<string> {
    const [first] = this.shelf.read(['b1']);
    yield `${String(first)} for ${actorOf(context).subject}`;
  }

  @Access('reader')
  @Query(() => Date, { nullable: true })
  moment(
    @Args('asOf', { type: () => Date, nullable: true }) asOf?: Date | null,
    @Args('span', { type: () => Span, nullable: true }) span?: Span | null,
  ): Date | null {
    return asOf ?? span?.from ?? null;
  }

  @Access('reader')
  @ResolveField(() => String, { nullable: true })
  title(@Parent() { id }: Book, @Context() context: object): Promise<string> {
    if (id === 'busy') throw listError('SHELF_BUSY', 'The shelf is being dusted; ask again');
    if (id === 'broken') throw listError('SHELF_BROKEN', 'board 7 at 10.0.0.7:5432 fell');
    if (id === 'bug') throw new TypeError('cannot read /srv/haat/shelf.ts');
    return this.titles(context).load(id);
  }
}

export const shelf = new Shelf();

@Module({
  imports: [subgraphModule({ name: 'books', internalTokenSecret })],
  providers: [BookResolver, { provide: Shelf, useValue: shelf }],
})
class BookModule {}

/** A subgraph "books" with one shelf, on a free port. */
export function startBooks(): Promise<RunningApp> {
  return startApp(
    { name: 'books', config: z.object({ ...serverVariables }), module: () => BookModule },
    { PORT: '0' },
    createLogger('books', 'silent'),
  );
}
