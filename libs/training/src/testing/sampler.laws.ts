import assert from 'node:assert/strict';
import type { ModelDefinition } from '@haat/kit';
import { readMetadata, type ModelOutputs, type OpenArtifact, type OpenSampler } from '@haat/model-runtime';
import { trainedLaws, trainedOnce, type ModelLaw, type TrainerUnderTest } from './trained.laws.ts';

/** A declared sampler with what it takes to put it through its laws. */
export interface SamplerUnderTest<D extends ModelDefinition, Source, Data, Input, Context> extends TrainerUnderTest<
  D,
  Source,
  Data
> {
  readonly open: OpenArtifact<OpenSampler<Context>>;
  /** Cases small enough to be answered exactly. */
  readonly inputs: readonly Input[];
  /** The same case with the chance of another seed. */
  readonly reseeded: (input: Input) => Input;
  /** The exact answer, by enumeration. */
  readonly exact: (input: Input, context: Context) => ModelOutputs;
  /** Largest difference between a sampled and an exact answer: what chance leaves over at the length of the cases. */
  readonly tolerance: number;
}

/** The contract of a sampler: the laws of all models, the same chance the same numbers, and the truth where it is known. */
export function samplerLaws<D extends ModelDefinition, Source, Data, Input, Context>(
  subject: SamplerUnderTest<D, Source, Data, Input, Context>,
): readonly ModelLaw[] {
  const { trainer, open: openArtifact, inputs, reseeded, exact, tolerance } = subject;
  const trained = trainedOnce(subject);
  const opened = async () => openArtifact((await trained()).artifact);
  return [
    ...trainedLaws(trainer, trained),
    {
      name: 'it opens after 32 replay cases, and holds parameters alone',
      check: async () => {
        const { artifact } = await trained();
        assert.equal((await openArtifact(artifact)).metadata.golden.length, 32);
        assert.equal(readMetadata(artifact).card.kind, 'sampler');
      },
    },
    {
      name: 'it gives the outputs of its card, and no others',
      check: async () => {
        const open = await opened();
        const names = Object.keys(trainer.definition.outputs).sort();
        for (const input of inputs) assert.deepEqual(Object.keys(await open.answer(input)).sort(), names);
      },
    },
    {
      name: 'the same seed gives the same numbers to the bit, and another seed others',
      check: async () => {
        const open = await opened();
        for (const input of inputs) assert.deepEqual(await open.answer(input), await open.answer(input));
        const moved = inputs.map(async (input) => {
          const [one, two] = [await open.answer(input), await open.answer(reseeded(input))];
          return JSON.stringify(Object.values(one).map(String)) !== JSON.stringify(Object.values(two).map(String));
        });
        assert.ok((await Promise.all(moved)).includes(true), 'no case is answered otherwise by another seed');
      },
    },
    {
      name: 'small cases are answered as by enumeration',
      check: async () => {
        const open = await opened();
        for (const [at, input] of inputs.entries()) {
          const sampled = await open.answer(input);
          for (const [name, wanted] of Object.entries(exact(input, open.metadata.context))) {
            assert.equal(sampled[name]!.length, wanted.length, name);
            const worst = Array.from(wanted).reduce(
              (most, value, i) => Math.max(most, Math.abs(value - sampled[name]![i]!)),
              0,
            );
            assert.ok(
              worst <= tolerance,
              `case ${at}, ${name}: differs by ${worst}, at most ${tolerance} was expected`,
            );
          }
        }
      },
    },
  ];
}
