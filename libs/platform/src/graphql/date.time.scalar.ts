import { Scalar, type CustomScalar } from '@nestjs/graphql';
import { Kind, type ValueNode } from 'graphql';
import { z } from 'zod';
import { edgeError } from '../platform.errors.ts';

const form = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/**
 * A moment, in place of Nest's own scalar, which takes any literal for no moment and lets the 30th of February be one.
 * Errors: INVALID_ARGUMENT for what is not an ISO 8601 date, or date and time with its offset, that the calendar has.
 */
@Scalar('DateTime', () => Date)
export class DateTimeScalar implements CustomScalar<string, Date> {
  readonly description =
    'A moment in ISO 8601: a date and a time with "Z" or an offset, as in 2026-01-31T09:30:00Z, or a date alone (its first moment, UTC).';

  serialize(value: unknown): string {
    if (value instanceof Date) return value.toISOString();
    throw new TypeError(`Expected a Date to answer, got ${typeof value}`);
  }

  parseValue(value: unknown): Date {
    return momentOf(value);
  }

  parseLiteral(node: ValueNode): Date {
    return momentOf(node.kind === Kind.STRING ? node.value : undefined);
  }
}

function momentOf(value: unknown): Date {
  const parsed = form.safeParse(value);
  if (parsed.success) return new Date(parsed.data);
  throw edgeError(
    'INVALID_ARGUMENT',
    'expected an ISO 8601 date that the calendar has, alone or with a time and "Z" or an offset, as "2026-01-31T09:30:00Z"',
  );
}
