import { Scalar, type CustomScalar } from '@nestjs/graphql';
import { Kind, valueFromASTUntyped, type ValueNode } from 'graphql';
import { edgeError } from '../platform.errors.ts';

/** A JSON object as it is: options, inputs and outputs of models, whose form their cards declare. */
export type JsonObject = Readonly<Record<string, unknown>>;

@Scalar('JSONObject')
export class JsonObjectScalar implements CustomScalar<JsonObject, JsonObject> {
  readonly description = 'A JSON object. Its form is declared by the card of the model that it belongs to.';

  serialize(value: unknown): JsonObject {
    return objectOf(value);
  }

  parseValue(value: unknown): JsonObject {
    return objectOf(value);
  }

  parseLiteral(node: ValueNode): JsonObject {
    if (node.kind !== Kind.OBJECT) throw notAnObject(node.kind);
    return objectOf(valueFromASTUntyped(node));
  }
}

function objectOf(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAnObject(typeof value);
  return value as JsonObject;
}

function notAnObject(got: string): Error {
  return edgeError('INVALID_ARGUMENT', `Expected a JSON object, got ${got}`);
}
