import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * Every error table of the house, read from its source (`*.errors.ts`): the codes with who has to act and the comment above each.
 * @returns {Promise<{ file: string, name: string, doc: string, errors: { code: string, blame: string, doc: string }[] }[]>}
 */
export async function errorTables(root) {
  const files = globSync('{libs,apps}/*/src/**/*.errors.ts', { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  return (await Promise.all(files.map((file) => tablesIn(root, file)))).flat();
}

async function tablesIn(root, file) {
  const source = ts.createSourceFile(file, await readFile(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const tables = [];
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!initializer || !ts.isSatisfiesExpression(initializer) || initializer.type.getText() !== 'ErrorTable')
        continue;
      const table = ts.isAsExpression(initializer.expression)
        ? initializer.expression.expression
        : initializer.expression;
      const errors = table.properties.map((property) => ({
        code: property.name.getText(),
        blame: property.initializer.text,
        doc: commentOf(property),
      }));
      tables.push({ file, name: name.getText(), doc: commentOf(statement), errors });
    }
  }
  return tables;
}

function commentOf(node) {
  return ts
    .getJSDocCommentsAndTags(node)
    .map((comment) => ts.getTextOfJSDocComment(comment.comment) ?? '')
    .join(' ')
    .trim();
}
