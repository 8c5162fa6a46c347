import {
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type DocumentNode,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { askedFields, isAsked, type AskedField, type Selected } from './asked.fields.ts';

/** A place of an answer whose value is none of its type. */
export interface WrongPlace {
  readonly path: readonly (string | number)[];
  /** The type that the schema names. */
  readonly expected: string;
  /** The kind of value that came; never the value. */
  readonly came: string;
}

export interface CheckedData {
  /** With null in the place of what is wrong, or around it where no null may stand. */
  readonly data: Record<string, unknown> | null;
  readonly wrong: readonly WrongPlace[];
}

type Variables = Readonly<Record<string, unknown>>;

/** Checks, in place, the data that answers one document. */
export type AnswerCheck = (data: unknown, variables: Variables) => CheckedData;

interface Walk {
  readonly path: (string | number)[];
  readonly wrong: WrongPlace[];
  readonly variables: Variables;
}

/** In the place of a value that may not be null and is: what holds it becomes null. */
const nothing = Symbol('nothing');

/** What stays of a value: itself, null, or `nothing`. */
type Check = (value: unknown, walk: Walk) => unknown;

interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
}

/**
 * The check of what answers `document`, by the types of `schema` (a supergraph): compiled once, it looks at each value once. An
 * object whose type the answer does not tell (of `_entities`, where several are possible) is not looked at.
 */
export function compileCheck(asked: Asked): AnswerCheck {
  const operation = asked.document.definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  const root = operation && asked.schema.getRootType(operation.operation);
  if (!root) throw new Error('The document asks for nothing of this schema');
  const check = objectCheck(asked, root, [{ set: operation.selectionSet, when: [] }]);
  return (data, variables) => {
    const walk: Walk = { path: [], wrong: [], variables };
    const left = check(data, walk);
    return { data: left === nothing ? null : (left as Record<string, unknown> | null), wrong: walk.wrong };
  };
}

function checkOf(asked: Asked, type: GraphQLOutputType, selected: readonly Selected[]): Check {
  if (isNonNullType(type)) return nonNullCheck(checkOf(asked, type.ofType, selected), String(type));
  const check = nullableCheck(asked, type, selected);
  return (value, walk) => (value === null ? null : check(value, walk));
}

function nonNullCheck(check: Check, expected: string): Check {
  return (value, walk) => {
    if (value === null) return found(walk, expected, value) ?? nothing;
    return check(value, walk) ?? nothing;
  };
}

function nullableCheck(asked: Asked, type: GraphQLOutputType, selected: readonly Selected[]): Check {
  if (isListType(type)) return listCheck(checkOf(asked, type.ofType as GraphQLOutputType, selected), String(type));
  if (isLeafType(type)) return leafCheck(type);
  if (isObjectType(type)) return objectCheck(asked, type, selected);
  return toldCheck(asked, selected);
}

function listCheck(check: Check, expected: string): Check {
  return (value, walk) => {
    if (!Array.isArray(value)) return found(walk, expected, value);
    const items: unknown[] = value;
    for (let at = 0; at < items.length; at++) {
      walk.path.push(at);
      const left = check(items[at], walk);
      walk.path.pop();
      if (left === nothing) return null;
      items[at] = left;
    }
    return items;
  };
}

function objectCheck(asked: Asked, type: GraphQLObjectType, selected: readonly Selected[]): Check {
  const expected = type.name;
  const fields = askedFields(asked, type, selected).map((field) => ({
    ...field,
    check: fieldCheck(asked, type, field),
  }));
  return (value, walk) => {
    if (!isRecord(value)) return found(walk, expected, value);
    for (const field of fields) {
      const { key } = field;
      if (!isAsked(field, walk.variables)) continue;
      const given = value[key];
      walk.path.push(key);
      const left = field.check(given, walk);
      walk.path.pop();
      if (left === nothing) return null;
      if (left !== given) value[key] = left;
    }
    return value;
  };
}

/** An object of any type that it names itself, or of the one type that is asked of it. */
function toldCheck(asked: Asked, selected: readonly Selected[]): Check {
  const checks = new Map<GraphQLObjectType, Check>();
  const only = onlyType(asked.schema, selected);
  return (value, walk) => {
    if (!isRecord(value)) return found(walk, 'object', value);
    const told = value['__typename'];
    const type = typeof told === 'string' ? asked.schema.getType(told) : only;
    if (!isObjectType(type)) return value;
    const check = checks.get(type) ?? objectCheck(asked, type, selected);
    checks.set(type, check);
    return check(value, walk);
  };
}

function onlyType(schema: GraphQLSchema, selected: readonly Selected[]): GraphQLObjectType | undefined {
  const names = new Set(
    selected.flatMap(({ set }) =>
      set.selections.map((one) => (one.kind === Kind.INLINE_FRAGMENT ? one.typeCondition?.name.value : undefined)),
    ),
  );
  const [name] = names;
  const type = names.size === 1 && name !== undefined ? schema.getType(name) : undefined;
  return isObjectType(type) ? type : undefined;
}

function fieldCheck(asked: Asked, type: GraphQLObjectType, { name, selected }: AskedField): Check {
  if (name === '__typename')
    return (value, walk) => (value === type.name ? value : found(walk, `"${type.name}"`, value));
  // Federation's own field, which no supergraph holds: a list of entities, each of which may be missing.
  if (name === '_entities') {
    const entity = toldCheck(asked, selected);
    return listCheck((value, walk) => (value === null ? null : entity(value, walk)), '[_Entity]');
  }
  const field = type.getFields()[name];
  if (field === undefined) throw new Error(`The schema has no field ${type.name}.${name}`);
  return checkOf(asked, field.type, selected);
}

function leafCheck(type: GraphQLLeafType): Check {
  const fits = isEnumType(type) ? memberOf(type.getValues().map(({ name }) => name)) : scalars[type.name];
  if (fits === undefined) return (value, walk) => (value === undefined ? found(walk, type.name, value) : value);
  return (value, walk) => (fits(value) ? value : found(walk, type.name, value));
}

const isText = (value: unknown) => typeof value === 'string';

/** How values of a scalar look in JSON. Of one that is not named here anything is taken. */
const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  String: isText,
  ID: isText,
  DateTime: isText,
  Boolean: (value) => typeof value === 'boolean',
  Float: (value) => typeof value === 'number',
  Int: (value) => Number.isInteger(value) && (value as number) === ((value as number) | 0),
  JSONObject: isRecord,
};

function memberOf(names: readonly string[]): (value: unknown) => boolean {
  const members = new Set<unknown>(names);
  return (value) => members.has(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Notes that the place at hand is wrong; null may stand there now. */
function found({ path, wrong }: Walk, expected: string, value: unknown): null {
  const came = value === undefined ? 'nothing' : value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
  wrong.push({ path: [...path], expected, came });
  return null;
}
