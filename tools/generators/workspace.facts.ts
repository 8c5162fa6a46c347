import type { Tree } from '@nx/devkit';
import ts from 'typescript';
import { bare, nodes, parsed } from './source.edit.ts';

/** One fact of a feature view, as its declaration says it. */
export interface DeclaredFact {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly doc: string;
  readonly later: boolean;
}

/** A feature view, as its declaration says it. */
export interface DeclaredView {
  /** The constant that holds it: `parcelView`. */
  readonly constant: string;
  /** `delivery/parcel` -> `parcel`. */
  readonly view: string;
  readonly reading: string;
  readonly key: readonly string[];
  readonly facts: readonly DeclaredFact[];
}

const DOMAINS = 'libs/kit/src/domain.ts';

/** The list of domains, from the file that holds it. */
export function domainTables(tree: Tree): readonly string[] {
  const source = parsed(DOMAINS, tree.read(DOMAINS, 'utf8') ?? '');
  const list = nodes(source).find(
    (node): node is ts.VariableDeclaration => ts.isVariableDeclaration(node) && node.name.getText() === 'domains',
  );
  const value = bare(list?.initializer);
  return value && ts.isArrayLiteralExpression(value)
    ? value.elements.filter(ts.isStringLiteral).map(({ text }) => text)
    : [];
}

/** The views that a domain declares by `defineFeatureView`. */
export function declaredViews(tree: Tree, domain: string): readonly DeclaredView[] {
  return sourcesIn(tree, `libs/${domain}/src/contract`).flatMap((source) =>
    nodes(source)
      .filter(ts.isVariableDeclaration)
      .flatMap(({ name, initializer }) => {
        if (
          !initializer ||
          !ts.isCallExpression(initializer) ||
          initializer.expression.getText() !== 'defineFeatureView'
        )
          return [];
        return [viewOf(name.getText(), initializer.arguments[0] as ts.ObjectLiteralExpression)];
      }),
  );
}

/** Whether a room of the domain declares a constant of this name. */
export function declares(tree: Tree, folder: string, constant: string): boolean {
  return sourcesIn(tree, folder).some((source) =>
    nodes(source).some((node) => ts.isVariableDeclaration(node) && node.name.getText() === constant),
  );
}

/** The time stamp of the next migration: after every other, so that it runs last wherever some have run. */
export function nextMigration(tree: Tree): number {
  const folders = ['data-access/src/platform', ...domainTables(tree).map((domain) => `${domain}/src/store`)];
  const stamps = folders
    .flatMap((folder) => tree.children(`libs/${folder}/migrations`))
    .flatMap((name) => /\.(\d{13})\.ts$/.exec(name)?.[1] ?? [])
    .map(Number);
  return Math.max(...stamps) + 100_000;
}

/** The files of a folder, without its folders, as syntax trees. */
export function sourcesIn(tree: Tree, folder: string): ts.SourceFile[] {
  return tree
    .children(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => parsed(`${folder}/${name}`, tree.read(`${folder}/${name}`, 'utf8')!));
}

function viewOf(constant: string, declaration: ts.ObjectLiteralExpression): DeclaredView {
  const name = textOf(declaration, 'name');
  const key = propertyOf(declaration, 'key');
  const facts = propertyOf(declaration, 'facts');
  return {
    constant,
    view: name.slice(name.indexOf('/') + 1),
    reading: textOf(declaration, 'reading'),
    key: key && ts.isArrayLiteralExpression(key) ? key.elements.filter(ts.isStringLiteral).map(({ text }) => text) : [],
    facts:
      facts && ts.isObjectLiteralExpression(facts)
        ? facts.properties.filter(ts.isPropertyAssignment).map(({ name: fact, initializer }) => {
            const spec = initializer as ts.ObjectLiteralExpression;
            return {
              name: fact.getText(),
              type: textOf(spec, 'type'),
              unit: textOf(spec, 'unit'),
              doc: textOf(spec, 'doc'),
              later: propertyOf(spec, 'later') !== undefined,
            };
          })
        : [],
  };
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = object.properties.find((property) => property.name?.getText() === name);
  return found && ts.isPropertyAssignment(found) ? bare(found.initializer) : undefined;
}

function textOf(object: ts.ObjectLiteralExpression, name: string): string {
  const value = propertyOf(object, name);
  return value && ts.isStringLiteralLike(value) ? value.text : '';
}
