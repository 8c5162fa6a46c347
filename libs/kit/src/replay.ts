/** One value that a replay found otherwise than it was recorded. */
export interface ValueDifference {
  /** Where in the recorded value: `weight_g`, `probability[3]`. */
  readonly path: string;
  readonly recorded: unknown;
  readonly replayed: unknown;
  /** |recorded - replayed| of two numbers; null where one is none. */
  readonly difference: number | null;
}

/** A recorded prediction, recomputed from what was known when it was made. */
export interface Replay {
  readonly id: string;
  /** Whether every recorded value came out exactly. */
  readonly same: boolean;
  readonly inputs: readonly ValueDifference[];
  readonly outputs: readonly ValueDifference[];
}

/**
 * Where `replayed` differs from what was recorded, value by value, exactly. Both are JSON; values that were not recorded (as
 * by an earlier release) are not compared.
 */
export function differencesOf(recorded: unknown, replayed: unknown, path = ''): ValueDifference[] {
  if (Array.isArray(recorded) && Array.isArray(replayed) && recorded.length === replayed.length)
    return recorded.flatMap((value, i) => differencesOf(value, replayed[i], `${path}[${i}]`));
  if (isRecord(recorded)) {
    return Object.entries(recorded).flatMap(([name, value]) =>
      differencesOf(value, isRecord(replayed) ? replayed[name] : undefined, path === '' ? name : `${path}.${name}`),
    );
  }
  if (recorded === replayed) return [];
  const numbers = typeof recorded === 'number' && typeof replayed === 'number';
  return [{ path, recorded, replayed: replayed ?? null, difference: numbers ? Math.abs(recorded - replayed) : null }];
}

/** The replay of a prediction whose inputs and outputs came out as `replayed`. */
export function replayOf(
  recorded: { readonly id: string; readonly input: unknown; readonly output: unknown },
  replayed: { readonly input: unknown; readonly output: unknown },
): Replay {
  const inputs = differencesOf(recorded.input, replayed.input);
  const outputs = differencesOf(recorded.output, replayed.output);
  return { id: recorded.id, same: inputs.length + outputs.length === 0, inputs, outputs };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
