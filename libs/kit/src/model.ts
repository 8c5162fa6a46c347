import { z } from 'zod';

/** How a model is trained and what its artifact is, with what only such models declare. The union grows as models arrive. */
export type KindFacts =
  /** A convex objective, minimised to its end; the fitted function stands in the artifact's context too. */
  | { readonly kind: 'convex' }
  /** A network of `@haat/onnx`, fitted step by step; what is fitted stands in the graph. */
  | { readonly kind: 'network'; readonly network: NetworkFacts }
  /** Parameters that chance and evidence are run through, and no graph. */
  | { readonly kind: 'sampler' };

export type ModelKind = KindFacts['kind'];
type FactsOf<Kind extends ModelKind> = Extract<KindFacts, { readonly kind: Kind }>;

/** What a network is, for its card: `networkFacts` of `@haat/onnx` reads it off the definition. */
export interface NetworkFacts {
  readonly description: string;
  /** Numbers that training fits. */
  readonly parameters: number;
  /** What they are by name, and the running statistics: `float32 [16, 1, 5, 5]`. */
  readonly tensors: Readonly<Record<string, string>>;
  readonly optimizer: string;
  /** What the first parameters are drawn by; order and augmentation of the rows follow the run's own seed. */
  readonly seed: number;
}

/** Element type of a graph input or output. */
export type Dtype = 'float32' | 'float64' | 'int64' | 'string';

/** One input column of the served graph. `unit` is '1' for pure numbers and '' for text. */
export interface FeatureSpec {
  readonly dtype: Dtype;
  readonly unit: string;
  readonly doc: string;
  /** The text that stands for a missing value; a missing number is NaN. */
  readonly missing?: string;
  /** What one row holds: absent one number or text; [12] twelve of them; [1, 24, 24] a picture. */
  readonly sizes?: readonly number[];
}

/** Numbers or texts of a row. */
export function rowWidth({ sizes = [] }: Pick<FeatureSpec, 'sizes'>): number {
  return sizes.reduce((width, size) => width * size, 1);
}

/** One output of the served graph; `shape` names its axes, for example `['n', 'K']`. */
export interface OutputSpec extends Omit<FeatureSpec, 'sizes'> {
  readonly shape: readonly string[];
}

export interface MetricSpec {
  readonly unit: string;
  readonly doc: string;
  readonly better: 'lower' | 'higher' | 'closer to 1';
}

/** A condition on held-out metrics that a version must meet before it may be promoted. */
export type Gate<Metric extends string> =
  | { readonly metric: Metric; readonly atMost: number }
  | { readonly metric: Metric; readonly atLeast: number }
  | { readonly metric: Metric; readonly noWorseThanChampion: true };

export interface ServingPolicy {
  /** Rows of one model run at the most; larger requests are split. */
  readonly maxBatch: number;
  readonly timeoutMs: number;
  /** Share of the served predictions that is recorded, in [0, 1]. */
  readonly record: number;
  /** What callers get while no version is promoted. */
  readonly fallback: string;
  /** Absolute difference of an output from which a shadow's answer counts as another one. Absent: any difference. */
  readonly shadowTolerance?: number;
}

/** Who promotes a version whose gates passed: the run that trained it, or a person whom it asks and waits for. */
export type PromotionPolicy =
  | { readonly policy: 'automatic' }
  | {
      readonly policy: 'approval';
      /** Hours after which nobody is waited for any more: the version stays registered and is not promoted. */
      readonly timeoutHours: number;
    };

/**
 * One model, declared once: the training recipe, the served graph's signature, the gates and the serving policy.
 * F, O and M are the names of features, outputs and metrics; what refers to a name that is not declared does not compile.
 */
export type ModelDefinition<
  F extends string = string,
  O extends string = string,
  M extends string = string,
  Input extends z.ZodType = z.ZodType,
  Options extends z.ZodType = z.ZodType,
  Kind extends ModelKind = ModelKind,
> = ModelFacts<F, O, M, Input, Options> & FactsOf<Kind>;

/** What models of all kinds declare. */
export interface ModelFacts<
  F extends string = string,
  O extends string = string,
  M extends string = string,
  Input extends z.ZodType = z.ZodType,
  Options extends z.ZodType = z.ZodType,
> {
  /** `domain/model`, for example `packaging/damage`. */
  readonly name: `${string}/${string}`;
  readonly title: string;
  readonly owner: string;
  readonly intendedUse: string;
  readonly limitations: readonly string[];
  /** One raw input (one row, before features), as callers send it. */
  readonly input: Input;
  readonly features: Readonly<Record<F, FeatureSpec>>;
  readonly target: { readonly unit: string; readonly doc: string };
  readonly outputs: Readonly<Record<O, OutputSpec>>;
  /** Options of a training run, with their defaults and descriptions. */
  readonly options: Options;
  /** Options of a run of inference, where answers are computed by such runs rather than row by row (a sampler's). */
  readonly inference?: z.ZodType;
  /** Tables whose files a run of inference takes in, one day after the other; absent: it takes in no days. */
  readonly dayTables?: readonly string[];
  /** Options of a run that lets policies meet simulated worlds, where the model's domain has such worlds. */
  readonly simulation?: z.ZodType;
  readonly recipe: { readonly algorithm: string; readonly source: string };
  readonly metrics: Readonly<Record<M, MetricSpec>>;
  readonly gates: readonly Gate<NoInfer<M>>[];
  readonly serving: ServingPolicy;
  /** Absent: automatic. */
  readonly promotion?: PromotionPolicy;
}

/** Declares a model. The identity function, with names inferred so that the compiler can check every reference to them. */
export function defineModel<
  const F extends string,
  const O extends string,
  const M extends string,
  Input extends z.ZodType,
  Options extends z.ZodType,
  Kind extends ModelKind,
>(
  definition: ModelFacts<F, O, M, Input, Options> & { readonly kind: Kind } & FactsOf<Kind>,
): ModelDefinition<F, O, M, Input, Options, Kind> {
  return definition;
}

export type FeatureOf<D> = D extends ModelDefinition<infer F, string, string> ? F : never;
export type OutputOf<D> = D extends ModelDefinition<string, infer O, string> ? O : never;
export type MetricOf<D> = D extends ModelDefinition<string, string, infer M> ? M : never;
export type OptionsOf<D> = D extends { readonly options: infer S extends z.ZodType } ? z.output<S> : never;
export type InputOf<D> = D extends { readonly input: infer S extends z.ZodType } ? z.output<S> : never;

/** JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The plain-JSON face of a definition: what workflows, the registry, the printed docs and the artifact carry. */
export type ModelCard = Omit<ModelFacts, 'input' | 'options' | 'inference' | 'simulation'> &
  KindFacts & {
    readonly domain: string;
    readonly input: JsonSchema;
    readonly options: JsonSchema;
    readonly inference?: JsonSchema;
    readonly simulation?: JsonSchema;
  };

export function modelCard({ inference, simulation, ...definition }: ModelDefinition): ModelCard {
  return {
    ...definition,
    ...(inference !== undefined && { inference: z.toJSONSchema(inference, { io: 'input' }) as JsonSchema }),
    ...(simulation !== undefined && { simulation: z.toJSONSchema(simulation, { io: 'input' }) as JsonSchema }),
    promotion: definition.promotion ?? { policy: 'automatic' },
    domain: domainOf(definition.name),
    input: z.toJSONSchema(definition.input) as JsonSchema,
    options: z.toJSONSchema(definition.options, { io: 'input' }) as JsonSchema,
  };
}

/** `packaging/damage` -> `packaging`. */
export function domainOf(model: string): string {
  return model.slice(0, model.indexOf('/'));
}

/** What names one trained version: `digest` is the SHA-256 of its artifact's bytes, in hex. */
export interface ModelRef {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
}
