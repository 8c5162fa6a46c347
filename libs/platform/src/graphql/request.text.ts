import { visit, type DocumentNode } from 'graphql';
import { edgeError } from '../platform.errors.ts';

/** Whether a JSON value holds the character NUL in a text or a key: no text of PostgreSQL can. */
export function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some((entry) => entry.some(holdsNul));
}

/** Looks at every text of an operation, literal or variable. @throws INVALID_ARGUMENT */
export function refuseNul(document: DocumentNode, variables: Readonly<Record<string, unknown>> = {}): void {
  const variable = Object.keys(variables).find((name) => holdsNul(variables[name]));
  if (variable !== undefined) throw nulIn(`Variable "$${JSON.stringify(variable).slice(1, -1)}"`);
  visit(document, {
    StringValue: ({ value, loc }) => {
      const { line, column } = loc!.startToken;
      if (holdsNul(value)) throw nulIn(`The text at line ${line}, column ${column}`);
    },
  });
}

function nulIn(place: string): Error {
  return edgeError('INVALID_ARGUMENT', `${place} holds the character NUL (\\u0000), which no text here can`);
}
