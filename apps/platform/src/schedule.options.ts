import { edgeError, type JsonObject } from '@haat/platform';
import type { ScheduledKind, ScheduledWish } from '@haat/workflows';
import { z } from 'zod';

const seed = z
  .int()
  .gte(0)
  .lt(2 ** 31);
const json = z.record(z.string(), z.unknown());

/** What the runs of a schedule can be told, by kind; their moment is the turn's own. */
const schemas = {
  train: z.strictObject({
    model: json.optional(),
    seed: seed.optional(),
    promote: z.enum(['when-gates-pass', 'when-approved', 'never']).optional(),
  }),
  backfill: z.strictObject({
    selection: json.optional(),
    dryRun: z.boolean().optional(),
    canary: z.number().gt(0).lte(1).optional(),
    seed: seed.optional(),
    chunkSize: z.int().gte(1).lte(20_000).optional(),
    concurrency: z.int().gte(1).lte(64).optional(),
    rowsPerSecond: z.number().gt(0).lte(1e6).optional(),
  }),
  skew: z.strictObject({ rows: z.int().gte(1).lte(100_000).optional(), seed: seed.optional() }),
  drift: z.strictObject({
    rows: z.int().gte(1).lte(1_000_000).optional(),
    seed: seed.optional(),
    falseAlarms: z.number().gt(0).lt(1).optional(),
  }),
  infer: z.strictObject({ model: json.optional(), seed: seed.optional(), chains: z.int().gte(1).lte(64).optional() }),
} satisfies Record<ScheduledKind, z.ZodType>;

/** @throws INVALID_ARGUMENT for the first option that is wrong, with its field */
export function scheduledOptions(kind: ScheduledKind, options: JsonObject): ScheduledWish['options'] {
  const parsed = schemas[kind].safeParse(options);
  if (parsed.success) return parsed.data as ScheduledWish['options'];
  const { path, message } = parsed.error.issues[0]!;
  const field = ['input.options', ...path].join('.');
  throw edgeError('INVALID_ARGUMENT', `${field}: ${message}`, { field });
}
