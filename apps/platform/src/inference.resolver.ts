import { Access, actorOf, edgeError, JsonObjectScalar, wholeNumber, type JsonObject } from '@haat/platform';
import { Args, Context, Field, ID, InputType, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { InferenceService, type IngestWish } from './inference.service.ts';
import { Run, runOf } from './run.types.ts';

@InputType()
export class InferModelInput {
  @Field(() => ID, { description: '`<domain>/<model>`.' })
  model!: string;

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: "The model's own options of inference; `Model.inference` is their schema.",
  })
  options?: JsonObject | null;

  @Field(() => Int, { nullable: true })
  seed?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Independent chains, each of which any worker may take; 64 at the most.',
  })
  chains?: number | null;

  @Field(() => Date, { nullable: true, description: 'Nothing later (event time) is looked at; now where absent.' })
  asOf?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same request over the same data runs once; another key says that a repeat is wanted.',
  })
  idempotencyKey?: string | null;
}

@InputType({ description: 'One file of a day, in the store of artifacts.' })
export class DayFileInput {
  @Field(() => String, { description: 'Name of the table with the ending of its format, such as `contacts.csv`.' })
  name!: string;

  @Field(() => String, { description: 'SHA-256 of its bytes, in hex.' })
  digest!: string;
}

@InputType()
export class IngestDayInput {
  @Field(() => ID, { description: '`<domain>/<model>`.' })
  model!: string;

  @Field(() => String, { description: 'YYYY-MM-DD; a day that has come (UTC).' })
  day!: string;

  @Field(() => [DayFileInput], { description: 'From one to 16.' })
  files!: DayFileInput[];

  @Field(() => JsonObjectScalar, {
    nullable: true,
    description: "The model's own options of inference; `Model.inference` is their schema.",
  })
  options?: JsonObject | null;

  @Field(() => Int, { nullable: true })
  seed?: number | null;

  @Field(() => Int, { nullable: true, description: 'Independent chains; 64 at the most.' })
  chains?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The same files of the same day are taken in once, as long as no other rows come; another key says that a repeat is wanted.',
  })
  idempotencyKey?: string | null;
}

const MOST_FILES = 16;

@Resolver()
export class InferenceResolver {
  constructor(private readonly inference: InferenceService) {}

  @Access('operator', { of: 'input.model' })
  @Mutation(() => Run, {
    description:
      'Infers by the promoted version of a sampler, through Temporal: the same seed gives the same answer, however many workers there are. Errors: UNKNOWN_MODEL, INVALID_ARGUMENT; of the run NO_PARAMETERS.',
  })
  async inferModel(@Args('input') input: InferModelInput, @Context() context: object): Promise<Run> {
    const { model, options, seed, chains, asOf, idempotencyKey } = input;
    if (seed != null) wholeNumber('input.seed', seed, 0, 2 ** 31 - 1);
    if (chains != null) wholeNumber('input.chains', chains, 1, 64);
    const wish = {
      model,
      options: options ?? undefined,
      seed: seed ?? undefined,
      chains: chains ?? undefined,
      asOf: asOf ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    };
    return runOf(await this.inference.infer(wish, actorOf(context), new Date()));
  }

  @Access('operator', { of: 'input.model' })
  @Mutation(() => Run, {
    description:
      'Imports the files of a day, moves the window with it, and infers what they change, going on from the inference before. The order of the files is no matter. Errors: UNKNOWN_MODEL, INVALID_ARGUMENT, UNKNOWN_DAY_FILE, REPEATED_DAY_FILE; of the run NO_PARAMETERS, CONTENT_MISSING, and what an import refuses.',
  })
  async ingestDay(@Args('input') input: IngestDayInput, @Context() context: object): Promise<Run> {
    return runOf(await this.inference.ingest(ingestWish(input), actorOf(context), new Date()));
  }

  @Access('operator', { of: 'input.model' })
  @Query(() => ID, {
    nullable: true,
    description:
      'Id of the run that `ingestDay` would start for this: refuses what that refuses, whether the files are stored or not, and starts nothing. Errors: UNKNOWN_MODEL, INVALID_ARGUMENT, UNKNOWN_DAY_FILE, REPEATED_DAY_FILE.',
  })
  async ingestDayRun(@Args('input') input: IngestDayInput): Promise<string> {
    return (await this.inference.ingestion(ingestWish(input), new Date())).runId;
  }

  @Access('operator')
  @Mutation(() => Run, {
    description:
      'Computes what a run of inference, or one that took a day in, kept again, from what was known then, by its version and seed, and compares: the run completes where every value comes out the same, and fails with REPLAY_DIFFERS where one does not. One of another scope is not known. Errors: UNKNOWN_RUN, INVALID_ARGUMENT; of the run NO_INFERENCE, REPLAY_DIFFERS.',
  })
  async replayInference(
    @Args('runId', { type: () => ID }) runId: string,
    @Context() context: object,
    @Args('idempotencyKey', { type: () => String, nullable: true }) idempotencyKey?: string | null,
  ): Promise<Run> {
    return runOf(await this.inference.replay(runId, idempotencyKey ?? undefined, actorOf(context)));
  }
}

const fileName = z.string().regex(/^[a-z][a-z-]{0,39}\.[a-z]{1,10}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The wish of an input whose fields have their forms. @throws INVALID_ARGUMENT */
function ingestWish({ model, day, files, options, seed, chains, idempotencyKey }: IngestDayInput): IngestWish {
  if (seed != null) wholeNumber('input.seed', seed, 0, 2 ** 31 - 1);
  if (chains != null) wholeNumber('input.chains', chains, 1, 64);
  wholeNumber('input.files', files.length, 1, MOST_FILES);
  requireForm('input.day', day, z.iso.date(), 'a day, YYYY-MM-DD');
  for (const [at, { name, digest }] of files.entries()) {
    requireForm(`input.files.${at}.name`, name, fileName, 'a name of a table with the ending of its format');
    requireForm(`input.files.${at}.digest`, digest, sha256, 'a SHA-256 in hex');
  }
  return {
    model,
    day,
    files,
    options: options ?? undefined,
    seed: seed ?? undefined,
    chains: chains ?? undefined,
    idempotencyKey: idempotencyKey ?? undefined,
  };
}

function requireForm(field: string, value: string, form: z.ZodType, expected: string): void {
  if (form.safeParse(value).success) return;
  throw edgeError('INVALID_ARGUMENT', `${field}: expected ${expected}, got ${JSON.stringify(value)}`, { field });
}
