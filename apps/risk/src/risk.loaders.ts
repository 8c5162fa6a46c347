import type { Actor } from '@haat/kit';
import { actorOf, loaderPerRequest, perRequest } from '@haat/platform';
import { riskRecordError, type KeptSource, type PersonRisk } from '@haat/risk/contract';
import { AccessLog, InferenceStore } from '@haat/risk/store';
import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import type { Person } from './person.types.ts';

/** What lists of persons fan out to: a constant number of statements; whose risk is shown is written down first. */
@Injectable()
export class RiskLoaders {
  constructor(
    private readonly inferences: InferenceStore,
    private readonly accesses: AccessLog,
  ) {}

  /** Errors: UNKNOWN_PERSON. */
  readonly person = loaderPerRequest<string, Person>(async (ids) => {
    const known = await this.inferences.known(ids);
    return ids.map((id, k) =>
      known[k] ? { id } : riskRecordError('UNKNOWN_PERSON', `No person "${id}" is known`, { field: 'id', id }),
    );
  });

  /** Null of who came after the newest inference. Errors: NO_INFERENCE. */
  readonly risk = this.#shown<PersonRisk | null>('riskTimeline', (ids) => this.inferences.byPerson(ids));

  /** Null of whom no sources were kept. */
  readonly sources = this.#shown<KeptSource[] | null>('explanation', (ids) => this.inferences.sources(ids));

  /** Nothing is read that was not written down: an access log that cannot be written shows nothing. */
  #shown<V>(field: string, read: (ids: readonly string[]) => Promise<readonly V[]>) {
    return perRequest((context) => {
      const actor: Actor = actorOf(context);
      return new DataLoader<string, V>(async (ids) => {
        await this.accesses.record(actor, field, ids);
        return read(ids);
      });
    });
  }
}
