import { ModelLifecycle, ModelRegistry } from '@haat/data-access';
import { Access, actorOf, wholeNumber } from '@haat/platform';
import { Args, Context, ID, Int, Mutation, registerEnumType, Resolver } from '@nestjs/graphql';
import { refOf } from './model.loaders.ts';
import { Model, modelOf, ModelVersion, versionOf } from './model.types.ts';

export enum BesideAlias {
  challenger = 'challenger',
  shadow = 'shadow',
}
registerEnumType(BesideAlias, {
  name: 'BesideAlias',
  description: 'What a version may stand for beside the champion.',
  valuesMap: {
    challenger: { description: 'The next candidate; marked, and nothing else.' },
    shadow: { description: 'Answers too, off the request; its differences are counted.' },
  },
});

const REASON = { type: () => String, nullable: true, description: 'Kept in the audit trail.' } as const;
const EXPECTED = {
  type: () => Int,
  nullable: true,
  description: 'Version that the caller believes to be the champion, 0 for none; another one is CHAMPION_CHANGED.',
} as const;
const MOST_VERSIONS = 1_000_000_000;

/** What operators do to versions. */
@Resolver()
export class LifecycleResolver {
  constructor(
    private readonly lifecycle: ModelLifecycle,
    private readonly registry: ModelRegistry,
  ) {}

  @Access('operator', { of: 'id' })
  @Mutation(() => ModelVersion, {
    description:
      'Lets this version answer from now on; every app takes it up without a restart. Promoting what is promoted changes nothing. Errors: UNKNOWN_MODEL_VERSION, GATES_NOT_PASSED, VERSION_ARCHIVED, CHAMPION_CHANGED.',
  })
  async promoteModel(
    @Context() context: object,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', REASON) reason?: string | null,
    @Args('expectedChampion', EXPECTED) expectedChampion?: number | null,
  ): Promise<ModelVersion> {
    const { model, version } = refOf(id);
    const expectation = { expectedChampion: versionNumber('expectedChampion', expectedChampion) };
    return versionOf(await this.lifecycle.promote(model, version, deedOf(context, reason), expectation));
  }

  @Access('operator', { of: 'model' })
  @Mutation(() => ModelVersion, {
    description:
      'Lets the champion before this one answer again, or the earlier champion `to`; archived ones are passed over. Say `expectedChampion` where the call may be repeated: a second one would go a step further back. Errors: NO_FORMER_CHAMPION, NOT_A_FORMER_CHAMPION, UNKNOWN_MODEL_VERSION, VERSION_ARCHIVED, CHAMPION_CHANGED.',
  })
  async rollbackModel(
    @Context() context: object,
    @Args('model', { type: () => ID }) model: string,
    @Args('to', { type: () => Int, nullable: true, description: 'Version.' }) to?: number | null,
    @Args('reason', REASON) reason?: string | null,
    @Args('expectedChampion', EXPECTED) expectedChampion?: number | null,
  ): Promise<ModelVersion> {
    const where = {
      to: versionNumber('to', to),
      expectedChampion: versionNumber('expectedChampion', expectedChampion),
    };
    return versionOf(await this.lifecycle.rollback(model, deedOf(context, reason), where));
  }

  @Access('operator', { of: 'id' })
  @Mutation(() => ModelVersion, {
    description:
      'Puts a version aside: it cannot be promoted, and after a time its artifact may be collected. Errors: UNKNOWN_MODEL_VERSION, VERSION_HOLDS_ALIAS, VERSION_AWAITS_APPROVAL.',
  })
  async archiveModelVersion(
    @Context() context: object,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', REASON) reason?: string | null,
  ): Promise<ModelVersion> {
    const { model, version } = refOf(id);
    return versionOf(await this.lifecycle.archive(model, version, deedOf(context, reason)));
  }

  @Access('operator', { of: 'id' })
  @Mutation(() => ModelVersion, {
    description: 'Takes an archived version back. Errors: UNKNOWN_MODEL_VERSION, CONTENT_COLLECTED.',
  })
  async unarchiveModelVersion(
    @Context() context: object,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', REASON) reason?: string | null,
  ): Promise<ModelVersion> {
    const { model, version } = refOf(id);
    return versionOf(await this.lifecycle.unarchive(model, version, deedOf(context, reason)));
  }

  @Access('operator', { of: 'model' })
  @Mutation(() => Model, {
    description:
      'Makes a version the challenger or the shadow; without a version, none is. Errors: UNKNOWN_MODEL, UNKNOWN_MODEL_VERSION, VERSION_ARCHIVED.',
  })
  async setModelAlias(
    @Context() context: object,
    @Args('model', { type: () => ID }) model: string,
    @Args('alias', { type: () => BesideAlias }) alias: BesideAlias,
    @Args('version', { type: () => Int, nullable: true }) version?: number | null,
    @Args('reason', REASON) reason?: string | null,
  ): Promise<Model> {
    const registered = await this.registry.model(model);
    const number = versionNumber('version', version) ?? null;
    await this.lifecycle.assign(model, alias, number, deedOf(context, reason));
    return modelOf(registered);
  }
}

function deedOf(context: object, reason: string | null | undefined) {
  return { actor: actorOf(context), reason: reason ?? undefined };
}

function versionNumber(name: string, value: number | null | undefined): number | undefined {
  return value === null || value === undefined ? undefined : wholeNumber(name, value, 0, MOST_VERSIONS);
}
