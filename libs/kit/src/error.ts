/**
 * Who has to act on an error: the `caller` (mend the request), nobody but time (`retry`), or us (`fault`).
 */
export type Blame = 'caller' | 'retry' | 'fault';

/** One domain's errors: code -> who has to act. Codes are `UPPER_SNAKE_CASE` and unique over all domains. */
export type ErrorTable = Readonly<Record<string, Blame>>;

/** Facts about the failure that a program may read: the field, the line, what was expected, what came. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * An expected failure. The message names the thing, the place, what was expected and what came; each edge maps `code` once
 * (GraphQL `extensions.code`, Temporal `ApplicationFailure`, the CLI's exit code).
 */
export class DomainError<Code extends string = string> extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: Code,
    readonly blame: Blame,
    message: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The constructor of one domain's errors: `const packagingError = errorsOf(packagingErrors)`, then
 * `throw packagingError('UNKNOWN_PRODUCT', 'Product "p9" is not known as of …', { field: 'id' })`.
 */
export function errorsOf<const T extends ErrorTable>(table: T) {
  return <Code extends keyof T & string>(code: Code, message: string, details?: ErrorDetails, cause?: unknown) =>
    new DomainError<Code>(code, table[code] as Blame, message, details, cause === undefined ? undefined : { cause });
}

/** Whether something thrown is one of our expected failures. */
export function isDomainError(thrown: unknown): thrown is DomainError {
  return thrown instanceof DomainError;
}

/** The end of a `switch` over a closed union: fails to compile while a case is missing. */
export function assertUnreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
