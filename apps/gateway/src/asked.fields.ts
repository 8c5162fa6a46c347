import {
  isAbstractType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What must hold of a variable for a selection to be asked (`@include`, `@skip`). */
interface Condition {
  readonly variable: string;
  readonly is: boolean;
}

/** A selection set with all that must hold for it to be asked. */
export interface Selected {
  readonly set: SelectionSetNode;
  readonly when: readonly Condition[];
}

/** A field of an answer: what its selections, all of one response key, ask for together. */
export interface AskedField {
  readonly key: string;
  readonly name: string;
  /** It is asked when one of these holds as a whole. */
  readonly when: readonly (readonly Condition[])[];
  readonly selected: readonly Selected[];
}

type Variables = Readonly<Record<string, unknown>>;

/** The fields that selections of a document ask of an object of `type`, in their order. */
export function askedFields(
  { schema, document }: { readonly schema: GraphQLSchema; readonly document: DocumentNode },
  type: GraphQLObjectType,
  selected: readonly Selected[],
): readonly AskedField[] {
  const fields = new Map<string, { name: string; when: (readonly Condition[])[]; selected: Selected[] }>();
  const fragmentOf = (name: string) =>
    document.definitions.find(
      (one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name,
    );
  const matches = (condition: string | undefined) => {
    const named = condition === undefined ? type : schema.getType(condition);
    return named === type || (isAbstractType(named) && schema.isSubType(named, type));
  };
  const collect = ({ set, when: around }: Selected): void => {
    for (const node of set.selections) {
      const when = conditionsOf(node, around);
      if (when === null) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        const field = fields.get(key) ?? { name: node.name.value, when: [], selected: [] };
        field.when.push(when);
        if (node.selectionSet) field.selected.push({ set: node.selectionSet, when });
        fields.set(key, field);
      } else {
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragmentOf(node.name.value);
        if (fragment && matches(fragment.typeCondition?.name.value)) collect({ set: fragment.selectionSet, when });
      }
    }
  };
  selected.forEach(collect);
  return [...fields].map(([key, field]) => ({ key, ...field }));
}

/** Whether a field is asked with these variables. */
export function isAsked({ when }: AskedField, variables: Variables): boolean {
  return when.some((all) => all.length === 0 || all.every(({ variable, is }) => (variables[variable] === true) === is));
}

/** What must hold for a selection, beside what must hold around it; null where it is never asked. */
function conditionsOf({ directives }: SelectionNode, around: readonly Condition[]): readonly Condition[] | null {
  if (!directives?.length) return around;
  const when = [...around];
  for (const { name, arguments: args } of directives) {
    if (name.value !== 'include' && name.value !== 'skip') continue;
    const is = name.value === 'include';
    const value = args?.find((one) => one.name.value === 'if')?.value;
    if (value?.kind === Kind.VARIABLE) when.push({ variable: value.name.value, is });
    else if (value && valueFromASTUntyped(value) !== is) return null;
  }
  return when;
}
