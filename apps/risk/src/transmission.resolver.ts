import {
  Access,
  decodeCursor,
  encodeCursor,
  pageOf,
  versionCursor,
  wholeNumber,
  type Connection,
} from '@haat/platform';
import { Args, Int, Query, Resolver } from '@nestjs/graphql';
import { TransmissionHistory } from './transmission.history.ts';
import {
  parametersOf,
  TransmissionParameters,
  TransmissionVersion,
  TransmissionVersionConnection,
  versionOf,
} from './transmission.types.ts';
import { TransmissionVersions } from './transmission.versions.ts';

@Resolver()
export class TransmissionResolver {
  constructor(
    private readonly versions: TransmissionVersions,
    private readonly history: TransmissionHistory,
  ) {}

  @Access('reader', 'risk')
  @Query(() => TransmissionParameters, { nullable: true, description: 'Errors: MODEL_NOT_READY.' })
  async transmissionParameters(): Promise<TransmissionParameters> {
    const { ref, open } = await this.versions.under('champion').acquire();
    return parametersOf(ref, open.metadata.context);
  }

  @Access('reader', 'risk')
  @Query(() => TransmissionVersionConnection, {
    description:
      'The rates of all versions, promoted or not, the newest first; of one whose artifact was collected, that there was it. `first` is 20 at the most. Errors: INVALID_ARGUMENT, INVALID_CURSOR.',
  })
  async transmissionHistory(
    @Args('first', { type: () => Int, defaultValue: 10 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<Connection<TransmissionVersion>> {
    wholeNumber('first', first, 0, 20);
    const before = after ? decodeCursor(after, versionCursor)[0] : undefined;
    const found = await this.history.versions(first + 1, before);
    const { edges, pageInfo } = pageOf(found, first, after, ({ version }) => encodeCursor([version]));
    const told = edges.map(async ({ cursor, node: ref }) => ({
      cursor,
      node: versionOf(ref, await this.history.contextOf(ref)),
    }));
    return { edges: await Promise.all(told), pageInfo };
  }
}
