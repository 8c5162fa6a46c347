import { identify, type OpenArtifact, type Opening, type ProvenArtifact } from './artifact.proof.ts';
import { requireFinite } from './finite.answers.ts';
import { replaySamples } from './golden.replay.ts';
import type { ModelOutputs } from './model.outputs.ts';
import { runtimeError } from './runtime.errors.ts';

/**
 * Answers one raw input (a whole case, with the seed of its chance) by the parameters of an artifact. Pure: the same input and
 * parameters give the same numbers, to the bit. Throws DomainErrors where the input is none.
 */
export type Sample<Context = unknown> = (input: unknown, context: Context) => ModelOutputs | Promise<ModelOutputs>;

/** Parameters that have proved themselves, and the sampler that answers by them. */
export interface OpenSampler<Context = unknown> extends ProvenArtifact<Context> {
  /** Errors: those of the sampler, ANSWER_NOT_FINITE, MODEL_CLOSED. */
  answer(input: unknown): Promise<ModelOutputs>;
}

/** How the artifacts of one sampler are opened: `sample` must give what the 32 replay cases say, each with its own seed. */
export function samplerArtifacts<Context>(sample: Sample<Context>): OpenArtifact<OpenSampler<Context>> {
  return async (bytes, opening = {}) => {
    const { digest, metadata } = identify<Context>(bytes, opening, false);
    const sampler = new ProvenSampler(digest, metadata, sample, opening);
    await replaySamples(metadata, (input) => sampler.sampled(input));
    return sampler;
  };
}

class ProvenSampler<Context> implements OpenSampler<Context> {
  #closed = false;

  constructor(
    readonly digest: string,
    readonly metadata: ProvenArtifact<Context>['metadata'],
    private readonly sample: Sample<Context>,
    private readonly opening: Opening,
  ) {}

  async answer(input: unknown): Promise<ModelOutputs> {
    const { name } = this.metadata.card;
    if (this.#closed) throw runtimeError('MODEL_CLOSED', `Model ${name}: asked after it was closed`);
    const began = performance.now();
    try {
      const outputs = await this.sampled(input);
      const seconds = (performance.now() - began) / 1_000;
      this.opening.onRun?.({ model: name, digest: this.digest, rows: 1, seconds });
      return outputs;
    } catch (error) {
      this.opening.onRunFailed?.();
      throw error;
    }
  }

  async sampled(input: unknown): Promise<ModelOutputs> {
    const { card, context } = this.metadata;
    return requireFinite(card.name, await this.sample(input, context), 1);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}
