import { Kind, type OperationDefinitionNode } from 'graphql';

/**
 * What an operation is called in logs and metrics: kind and root fields (`query product`), sorted, without aliases. Only
 * fields of the schema can occur once an operation is valid, so the number of names is bounded: more than one root field
 * gives `query (several)`.
 */
export function operationLabel(operation: OperationDefinitionNode): string {
  const fields = operation.selectionSet.selections.map((selection) =>
    selection.kind === Kind.FIELD ? selection.name.value : '(fragment)',
  );
  const unique = [...new Set(fields)];
  return `${operation.operation} ${unique.length === 1 ? unique[0] : '(several)'}`;
}
