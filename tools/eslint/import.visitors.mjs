/** Visitors that call `check(specifier, node)` for every way in which a module can name another one. */
export function importVisitors(check) {
  const literal = (source, node) => {
    if (typeof source?.value === 'string') check(source.value, node);
  };
  return {
    ImportDeclaration: (node) => literal(node.source, node),
    ExportAllDeclaration: (node) => literal(node.source, node),
    ExportNamedDeclaration: (node) => literal(node.source, node),
    ImportExpression: (node) => literal(node.source, node),
    TSImportType: (node) => literal(node.source ?? node.argument?.literal, node),
    TSExternalModuleReference: (node) => literal(node.expression, node),
    'CallExpression[callee.name="require"]': (node) => literal(node.arguments[0], node),
  };
}
