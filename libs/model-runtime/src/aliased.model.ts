import { setTimeout as pause } from 'node:timers/promises';
import { isDomainError, type ModelRef } from '@haat/kit';
import type { ModelRun, OpenArtifact, ProvenArtifact } from './artifact.proof.ts';
import { runtimeError } from './runtime.errors.ts';

/** What a version of a model may stand for. */
export type Alias = 'champion' | 'challenger' | 'shadow';

/** Where the holders of aliases are known: the registry, or a fixed answer. */
export interface AliasSource {
  /** The version of `model` that `alias` stands for; null where it stands for none. */
  holder(model: string, alias: Alias): Promise<ModelRef | null>;
  /** Tells when an alias of a model may stand for another version; returns how to stop that. */
  onChange(listener: (model: string, alias: Alias) => void): () => void;
}

/** Structured log lines; pino's logger is one. */
export interface RuntimeLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface AliasedModelOptions<Open extends ProvenArtifact> {
  /** `domain/model`. */
  readonly model: string;
  /** Which of its versions to follow. Default: the champion. */
  readonly alias?: Alias;
  readonly source: AliasSource;
  /** The artifact's bytes by their digest. */
  readonly fetch: (digest: string) => Promise<Uint8Array>;
  readonly open: OpenArtifact<Open>;
  readonly log: RuntimeLog;
  /** Milliseconds between looks at the source when it tells nothing. Default 2000. */
  readonly pollMs?: number;
  readonly onRun?: (run: ModelRun & { readonly version: number }) => void;
  readonly onRunFailed?: (of: { readonly model: string; readonly version: number }) => void;
  /** Called when a version has been taken up, and when one has been refused. */
  readonly onSwap?: (swap: { readonly ref: ModelRef; readonly outcome: 'serving' | 'refused' }) => void;
}

/** A version that serves. */
export interface ServedVersion<Open extends ProvenArtifact> {
  readonly ref: ModelRef;
  readonly open: Open;
}

/** A version that was not taken up, and why, in words fit for a client. */
export interface Refusal {
  readonly ref: ModelRef;
  /** INTERNAL where the cause stands in the log alone. */
  readonly code: string;
  readonly reason: string;
}

/**
 * The version of one model that an alias stands for, taken up without a restart. A version that cannot be loaded or cannot prove itself is
 * refused: the one before goes on serving. Whoever holds a version may finish with it after it was replaced; its memory goes
 * when the last one lets go.
 */
export class AliasedModel<Open extends ProvenArtifact> {
  /** Versions refused so far; a version is counted once for each time it is given the alias. */
  refusals = 0;
  private held: ServedVersion<Open> | null = null;
  private refused: (Refusal & { readonly final: boolean }) | null = null;
  private lastLook: Promise<void> = Promise.resolve();
  private nextLook: Promise<void> | null = null;
  private stopping: AbortController | null = null;

  constructor(private readonly options: AliasedModelOptions<Open>) {}

  private get alias(): Alias {
    return this.options.alias ?? 'champion';
  }

  /** The version that serves now, without a look at the source. */
  get current(): ServedVersion<Open> | null {
    return this.held;
  }

  /** What names the version that serves now. */
  get serving(): ModelRef | null {
    return this.held?.ref ?? null;
  }

  /** The version that has the alias and was refused; null where what has it serves. */
  get refusal(): Refusal | null {
    return this.refused;
  }

  /** Starts watching the source; resolves after the first look, whatever it found. */
  async start(): Promise<void> {
    if (this.stopping) return;
    const { source, model, pollMs = 2000 } = this.options;
    const stopping = (this.stopping = new AbortController());
    const forget = source.onChange((changed, alias) => {
      if (changed !== model || alias !== this.alias) return;
      this.refused = null;
      void this.look();
    });
    stopping.signal.addEventListener('abort', forget);
    await this.look();
    void this.poll(pollMs, stopping.signal);
  }

  /** The version to ask now. Errors: MODEL_NOT_READY when there is none. */
  async acquire(): Promise<ServedVersion<Open>> {
    if (!this.held) await this.look();
    if (!this.held) {
      const { model } = this.options;
      const why = this.refused === null ? `none is the ${this.alias}` : `the ${this.alias} was refused`;
      throw runtimeError('MODEL_NOT_READY', `Model ${model}: expected a version to serve, but ${why}`, { model });
    }
    return this.held;
  }

  /** Stops watching. What serves goes on serving to those who hold it. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    this.stopping = null;
    await this.lastLook;
  }

  private async poll(pollMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(pollMs, null, { signal, ref: false }).catch(() => null);
      if (!signal.aborted) await this.look();
    }
  }

  /** One look after the other. Who asks during a look shares the next one: what the first has read may be old already. */
  private look(): Promise<void> {
    this.nextLook ??= this.lastLook = this.lastLook.then(() => {
      this.nextLook = null;
      return this.refresh();
    });
    return this.nextLook;
  }

  private async refresh(): Promise<void> {
    const { model, source, log } = this.options;
    let ref: ModelRef | null;
    try {
      ref = await source.holder(model, this.alias);
    } catch (err) {
      log.warn({ err, model, alias: this.alias, serving: this.serving }, 'cannot see which version holds the alias');
      return;
    }
    if (ref && isSame(ref, this.refused?.ref) && this.refused?.final) return;
    if (!isSame(ref, this.refused?.ref)) this.refused = null;
    if (ref === null) {
      if (this.held)
        log.info({ model, alias: this.alias, before: this.serving }, 'no version holds the alias any more');
      this.held = null;
    } else if (!isSame(ref, this.serving)) {
      await this.takeUp(ref);
    }
  }

  private async takeUp(ref: ModelRef): Promise<void> {
    const { model, fetch, open: openArtifact, log, onRun, onRunFailed, onSwap } = this.options;
    const before = this.serving;
    try {
      const open = await openArtifact(await fetch(ref.digest), {
        expectedModel: model,
        expectedDigest: ref.digest,
        onRun: (run) => onRun?.({ ...run, version: ref.version }),
        onRunFailed: () => onRunFailed?.({ model, version: ref.version }),
      });
      this.held = { ref, open };
      this.refused = null;
      log.info(
        { model, alias: this.alias, version: ref.version, digest: ref.digest, before },
        'a version has been taken up',
      );
      onSwap?.({ ref, outcome: 'serving' });
    } catch (err) {
      const known = this.refused !== null;
      this.refused = { ref, ...faceOf(err), final: isFinal(err) };
      if (known) return;
      this.refusals += 1;
      log.warn({ err, model, alias: this.alias, ref, serving: before }, 'a version was refused');
      onSwap?.({ ref, outcome: 'refused' });
    }
  }
}

function isSame(a: ModelRef | null, b: ModelRef | null | undefined): boolean {
  return a != null && b != null && a.version === b.version && a.digest === b.digest;
}

/** Whether the artifact itself is at fault, so that trying it again would not help; a store may yet mend or deliver. */
function isFinal(error: unknown): boolean {
  return isDomainError(error) && (error.code === 'MODEL_REFUSED' || error.code === 'ARTIFACT_DAMAGED');
}

/** What a store says of itself names its place, which is not for clients. */
function faceOf(error: unknown): Pick<Refusal, 'code' | 'reason'> {
  return {
    code: isDomainError(error) ? error.code : 'INTERNAL',
    reason: isFinal(error)
      ? (error as Error).message
      : 'Its artifact could not be had whole from the store; the log of the app says more',
  };
}
