import { applyChangesToString, ChangeType, type StringChange, type Tree } from '@nx/devkit';
import ts from 'typescript';

/** One change of a TypeScript file, found by its syntax tree: what is to be inserted, and where. */
export type SourceEdit = (source: ts.SourceFile) => StringChange[];

/** Applies edits to a file, one after the other. @throws Error naming the file where one finds no place */
export function editSource(tree: Tree, file: string, ...edits: readonly SourceEdit[]): void {
  const before = tree.read(file, 'utf8');
  if (before === null) throw new Error(`${file} is not there: expected the file that names what is generated`);
  try {
    tree.write(
      file,
      edits.reduce((text, edit) => applyChangesToString(text, edit(parsed(file, text))), before),
    );
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
}

/** Imports names of a module, beside those that the file imports of it. */
export function importing(from: string, ...names: readonly string[]): SourceEdit {
  return (source) => {
    const imports = source.statements.filter(ts.isImportDeclaration);
    const same = imports.find(
      ({ moduleSpecifier, importClause }) =>
        (moduleSpecifier as ts.StringLiteral).text === from && !importClause?.phaseModifier,
    );
    const bindings = same?.importClause?.namedBindings;
    if (bindings && ts.isNamedImports(bindings)) {
      const known = new Set(bindings.elements.map(({ name }) => name.text));
      const fresh = names.filter((name) => !known.has(name.replace(/^type /, '')));
      return fresh.length === 0 ? [] : appended(bindings.elements, fresh.join(', '), bindings.getEnd() - 1);
    }
    const line = `import { ${names.join(', ')} } from '${from}';`;
    const last = imports.at(-1);
    return [last ? insertion(last.getEnd(), `\n${line}`) : insertion(0, `${line}\n\n`)];
  };
}

/** Adds `export * from '<from>';` at the end. */
export function exportingAll(from: string): SourceEdit {
  return (source) => [insertion(source.getEnd(), `export * from '${from}';\n`)];
}

/** Adds an element to the list that a variable, or a property of this name, holds. */
export function addingElement(name: string, text: string): SourceEdit {
  return (source) => {
    const list = bare(valueOf(source, name));
    if (!list || !ts.isArrayLiteralExpression(list)) throw new Error(`expected a list named ${name}`);
    return appended(list.elements, text, list.getEnd() - 1);
  };
}

/** Adds a property to the object that a variable, or a property of this name, holds. */
export function addingProperty(name: string, text: string): SourceEdit {
  return (source) => {
    const object = bare(valueOf(source, name));
    if (!object || !ts.isObjectLiteralExpression(object)) throw new Error(`expected an object named ${name}`);
    return appended(object.properties, text, object.getEnd() - 1);
  };
}

/** Puts a statement before the `return` of a method whose parameter is destructured, and takes `names` out of that parameter. */
export function beforeReturn(method: string, names: readonly string[], statement: string): SourceEdit {
  return (source) => {
    const found = nodes(source).find(
      (node): node is ts.MethodDeclaration => ts.isMethodDeclaration(node) && node.name.getText() === method,
    );
    const last = found?.body?.statements.find(ts.isReturnStatement);
    const pattern = found?.parameters[0]?.name;
    if (!last || !pattern || !ts.isObjectBindingPattern(pattern))
      throw new Error(`expected a method ${method} that takes an object apart and returns`);
    const known = new Set(pattern.elements.map(({ name }) => name.getText()));
    const fresh = names.filter((name) => !known.has(name));
    return [
      ...(fresh.length === 0 ? [] : appended(pattern.elements, fresh.join(', '), pattern.getEnd() - 1)),
      insertion(last.getStart(), `${statement}\n    `),
    ];
  };
}

/** Whether a file names an identifier. */
export function names(source: ts.SourceFile, identifier: string): boolean {
  return nodes(source).some((node) => ts.isIdentifier(node) && node.text === identifier);
}

export function parsed(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** Every node below, in the order of the text. */
export function nodes(root: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    node.forEachChild(visit);
  };
  visit(root);
  return found;
}

/** What stands behind `as const`, `satisfies` and brackets. */
export function bare(expression: ts.Expression | undefined): ts.Expression | undefined {
  if (
    expression &&
    (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression) || ts.isParenthesizedExpression(expression))
  )
    return bare(expression.expression);
  return expression;
}

function valueOf(source: ts.SourceFile, name: string): ts.Expression | undefined {
  return nodes(source).find(
    (node): node is ts.VariableDeclaration | ts.PropertyAssignment =>
      (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) && node.name.getText() === name,
  )?.initializer;
}

function appended(list: ts.NodeArray<ts.Node>, text: string, end: number): StringChange[] {
  if (list.length === 0) return [insertion(end, text)];
  return [insertion(list.at(-1)!.getEnd(), `, ${text}`)];
}

function insertion(index: number, text: string): StringChange {
  return { type: ChangeType.Insert, index, text };
}
