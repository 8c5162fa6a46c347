import type { Tree } from '@nx/devkit';
import { posix } from 'node:path';
import ts from 'typescript';
import { refuse } from './refusal.ts';
import { parsed } from './source.edit.ts';

/** What no module may hold, by the codes of TypeScript: a name declared twice, imported beside its own, exported by two. */
const TWICE = new Set([2300, 2308, 2440, 2451]);

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.Latest,
  allowImportingTsExtensions: true,
  noEmit: true,
  noLib: true,
  types: [],
};

/**
 * Checks the syntax and the names of every TypeScript file that was changed, before the tree is written: a name may be fine in itself and
 * still be that of something which the templates import. Packages are not opened, so that types are not checked.
 * @throws Error naming the file, the line and what stands there twice
 */
export function requireSound(tree: Tree): void {
  const files = tree
    .listChanges()
    .filter(({ type, path }) => type !== 'DELETE' && path.endsWith('.ts'))
    .map(({ path }) => path);
  const program = ts.createProgram(files.map(rooted), options, hostOf(tree));
  for (const file of files) {
    const source = program.getSourceFile(rooted(file))!;
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source).filter(({ code }) => TWICE.has(code)),
    ][0];
    if (found) throw unsound(file, source, found.start!, ts.flattenDiagnosticMessageText(found.messageText, ' '));
    const again = importedAndDeclared(source);
    if (again) throw unsound(file, source, again.getStart(source), `'${again.text}' is imported and declared`);
  }
}

function unsound(file: string, source: ts.SourceFile, start: number, why: string): Error {
  const line = source.getLineAndCharacterOfPosition(start).line + 1;
  return refuse(
    `Line ${line} of ${file}`,
    `what these names would make of it is no module (${why.replace(/\.$/, '')})`,
    'Nothing was written. Rename the domain, the entity, the model or the fact that the line is made of.',
  );
}

/** The first name that a module declares and imports: TypeScript tells only where it opens the package. */
function importedAndDeclared(source: ts.SourceFile): ts.Identifier | undefined {
  const imported = new Set(
    source.statements.filter(ts.isImportDeclaration).flatMap(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [];
      return importClause?.name ? [importClause.name.text, ...named] : named;
    }),
  );
  return source.statements.flatMap(declaredBy).find(({ text }) => imported.has(text));
}

function declaredBy(statement: ts.Statement): ts.Identifier[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name).filter(ts.isIdentifier);
  const { name } = statement as ts.Statement & { readonly name?: ts.Node };
  return name && ts.isIdentifier(name) ? [name] : [];
}

/** The tree as a file system that has no packages, so that what is found does not depend on what is installed. */
function hostOf(tree: Tree): ts.CompilerHost {
  const inTree = (file: string) => posix.relative('/', file);
  return {
    fileExists: (file) => !file.includes('/node_modules/') && tree.isFile(inTree(file)),
    readFile: (file) => tree.read(inTree(file), 'utf8') ?? undefined,
    getSourceFile: (file) => {
      const text = tree.read(inTree(file), 'utf8');
      return text === null ? undefined : parsed(file, text);
    },
    getDefaultLibFileName: () => '',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (file) => file,
    getNewLine: () => '\n',
    useCaseSensitiveFileNames: () => true,
    writeFile: () => undefined,
  };
}

const rooted = (file: string) => `/${file}`;
