import { InvalidArgumentError } from 'commander';

import { cliError } from '../cli.errors.ts';

/** `name=value` onto the values so far; the value is JSON where it can be, else text. */
export function addValue(
  text: string,
  before: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const at = text.indexOf('=');
  if (at < 1) throw cliError('USAGE', `It is written name=value, and "${text}" came`);
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  try {
    return { ...before, [name]: JSON.parse(value) };
  } catch {
    return { ...before, [name]: value };
  }
}

/** Parser of a number above 0, `high` at the most, for an option. */
export function positiveNumber(high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (value > 0 && value <= high) return value;
    throw new InvalidArgumentError(`expected a number above 0, at most ${high}`);
  };
}

/** A day of the calendar as text, YYYY-MM-DD, for an option. */
export function calendarDay(text: string): string {
  const time = Date.parse(`${text}T00:00:00Z`);
  if (!Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text) return text;
  throw new InvalidArgumentError('expected a day of the calendar, YYYY-MM-DD');
}
