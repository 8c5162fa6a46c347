import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import type { Tree } from '@nx/devkit';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceTextModule } from 'node:vm';
import ts from 'typescript';
import { writeDecision } from './adr/adr.generator.ts';
import { writeDomain } from './domain/domain.generator.ts';
import { planDomain, type DomainOptions } from './domain/domain.plan.ts';
import { writeModel } from './model/model.generator.ts';
import { planModel, type ModelOptions } from './model/model.plan.ts';
import { addingElement, addingProperty, beforeReturn, editSource, exportingAll, importing } from './source.edit.ts';
import { declaredViews } from './workspace.facts.ts';

const workspace = fileURLToPath(new URL('../..', import.meta.url));

/** What plans look at, as it stands. */
function house(): Tree {
  return treeOf([
    'libs/kit/src/domain.ts',
    'libs/{packaging,risk}/src/{contract,store,model}/*.ts',
    'apps/*/{schema.graphql,package.json}',
    'apps/packaging/src/*.ts',
    'docs/adr/*.md',
  ]);
}

/** What is changed too where a domain is written. */
function wholeHouse(): Tree {
  return treeOf([
    'libs/kit/src/domain.ts',
    'libs/data-access/src/platform/migrations/*.ts',
    'libs/simulators/src/**/!(*.spec).ts',
    'apps/*/{schema.graphql,tsconfig.lib.json}',
    'apps/{cli,worker}/src/domains/domain.{table,work}.ts',
    '{tsconfig,package-lock}.json',
  ]);
}

function treeOf(files: readonly string[]): Tree {
  const tree = createTreeWithEmptyWorkspace();
  for (const file of globSync(files, { cwd: workspace })) tree.write(file, readFileSync(join(workspace, file)));
  return tree;
}

const domain: DomainOptions = {
  name: 'delivery',
  entity: 'parcel',
  facts: 'weight_g:g,price_inr:INR,fragile',
  later: 'late',
  model: 'late',
};
const model: ModelOptions = { domain: 'packaging', name: 'price', view: 'product', target: 'price_inr' };

describe('a domain', () => {
  it('is planned with its facts by type, unit and time', () => {
    const { facts, target, key } = planDomain(house(), domain);
    expect(facts).toEqual([
      { name: 'weight_g', type: 'number', unit: 'g', doc: 'Weight', later: false },
      { name: 'price_inr', type: 'number', unit: 'INR', doc: 'Price', later: false },
      { name: 'fragile', type: 'flag', unit: '1', doc: 'Fragile', later: false },
      { name: 'late', type: 'flag', unit: '1', doc: 'Late', later: true },
    ]);
    expect([target.name, key]).toEqual(['late', 'parcel_id']);
  });

  it.each<[string, Partial<DomainOptions>, RegExp]>([
    [
      'a name that the house has',
      { name: 'risk' },
      /^Domain "risk": libs\/risk is there already\. Choose another name\.$/,
    ],
    ['a name of an app', { name: 'gateway' }, /^Domain "gateway": apps\/gateway is there already/],
    ['two words', { name: 'last-mile' }, /^Domain "last-mile": expected one lower-case word/],
    ['capitals', { entity: 'Parcel' }, /^Entity "Parcel": expected one lower-case word/],
    ['a word of SQL', { entity: 'order' }, /^Entity "order": the word is one of SQL/],
    ['a word that SQL keeps from schemas', { name: 'left' }, /^Domain "left": the word is one of SQL/],
    ['a schema of PostgreSQL', { name: 'public' }, /^Domain "public": every database .* Choose another word\.$/],
    ['a role of the house', { name: 'owner' }, /^Domain "owner": the role haat_owner/],
    [
      'the name of the lists of domains',
      { name: 'domain' },
      /^Domain "domain": apps\/worker\/.*domain\.work\.ts is there/,
    ],
    [
      'a simulated world that is there',
      { name: 'weather' },
      /^Domain "weather": libs\/simulators\/src\/weather is there/,
    ],
    [
      'a global class',
      { entity: 'date' },
      /^Entity "date": its class would hide the global Date\. Choose another word/,
    ],
    ['a scalar of GraphQL', { entity: 'float' }, /^Entity "float": GraphQL has a type/],
    [
      'a method that makes an object',
      { entity: 'constructor' },
      /^Entity "constructor": the word is one of ECMAScript/,
    ],
    ['the root of the graph', { entity: 'mutation' }, /^Entity "mutation": GraphQL has a type/],
    ['an enumeration of another subgraph', { entity: 'grade' }, /^Entity "grade": the subgraph marks has .* Grade\./],
    ['a type that looks like another', { entity: 'pageinfo' }, /^Entity "pageinfo": the subgraph .* has .* PageInfo\./],
    ['a model that is a keyword', { model: 'new' }, /^Model "new": the word is one of ECMAScript/],
    ['a domain that is a keyword', { name: 'class' }, /^Domain "class": the word is one of ECMAScript/],
    ['a fact that is a keyword', { facts: 'class' }, /^Fact "class": the word is one of ECMAScript/],
    ['a fact that is a field already', { facts: 'known_since' }, /^Fact "known_since": the table or the type has it/],
    ['a forgotten unit', { facts: 'weight_g:' }, /^Fact "weight_g:": expected a name.* Write weight_g:g for a number/],
    ['two units', { facts: 'a:b:c' }, /^Fact "a:b:c": expected a name, then ":" and one unit/],
    ['a number without a name', { facts: ':g' }, /^Fact "": expected lower-case words/],
    [
      'facts that differ in a dash',
      { facts: 'weight_g:g,weightg:g' },
      /^Fact "weightg": the table has weight_g already/,
    ],
    ['a fact that is the key', { facts: 'parcel_id:1' }, /^Fact "parcel_id": the table has parcel_id already/],
    ['a fact known early and late', { facts: 'late', later: 'late' }, /^Fact "late": the table has late already/],
    ['a type of another subgraph', { entity: 'product' }, /^Entity "product": the subgraph packaging has a type/],
    ['a model that is no name', { model: 'Late_one' }, /^Model "Late_one": expected lower-case words joined by "-"/],
    [
      'one name for two things',
      { model: 'parcel' },
      /^Names: expected different names .* got delivery, parcel, parcel, /,
    ],
    ['one name but for a dash', { model: 'par-cel' }, /^Names: expected different names/],
    [
      'an answer that looks like the entity',
      { name: 'par', model: 'cel' },
      /^Names: .* got par, parcel, cel, parCel\./,
    ],
    ['a fact that is no column', { facts: 'Weight:g' }, /^Fact "Weight": expected lower-case words joined by "_"/],
    ['a fact that is there already', { facts: 'revision:1' }, /^Fact "revision": the table or the type has it/],
    ['no facts', { facts: '' }, /^Facts: expected at least one/],
  ])('is refused with %s', (_, changed, message) => {
    const tree = house();
    tree.write('apps/marks/schema.graphql', 'enum Grade { A B }');
    tree.write('apps/worker/src/domains/domain.work.ts', '');
    tree.write('libs/simulators/src/weather/sky.ts', '');
    expect(() => planDomain(tree, { ...domain, ...changed })).toThrow(message);
  });

  it.each(['date', 'string', 'boolean', 'map', 'promise', 'error', 'array', 'int', 'float', 'id'])(
    'has no entity %s',
    (entity) => {
      expect(() => planDomain(house(), { ...domain, entity })).toThrow(`Entity "${entity}": `);
    },
  );
});

describe('a fact', () => {
  /** All words of TypeScript, and those that are names to its scanner and not to a strict module. */
  const words = Array.from({ length: ts.SyntaxKind.LastKeyword - ts.SyntaxKind.FirstKeyword + 1 }, (_, k) =>
    ts.tokenToString(ts.SyntaxKind.FirstKeyword + k)!,
  ).concat('arguments', 'eval', 'constructor', 'late');
  /** Whether code may take an object apart by it and declare it as a field, as what is generated does. */
  const compiles = (word: string) => {
    try {
      return new SourceTextModule(`export const f = ({ ${word} }) => ${word}; class A { ${word}; }`) !== null;
    } catch {
      return false;
    }
  };

  it('has a name that compiles, whatever word it is', () => {
    const taken = words.filter((word) => {
      try {
        return planDomain(house(), { ...domain, facts: word, later: 'hours:h' }).early[0]!.name === word;
      } catch {
        return false;
      }
    });
    expect(taken.filter((word) => !compiles(word))).toEqual([]);
    expect(taken).toEqual(expect.arrayContaining(['type', 'of', 'number', 'late']));
    expect(words.filter((word) => !compiles(word))).toEqual(
      expect.arrayContaining(['class', 'new', 'function', 'import', 'delete', 'await', 'enum', 'eval', 'let']),
    );
  });
});

describe('what is written', () => {
  it('holds no name twice, where the names are fit', () => {
    const tree = wholeHouse();
    writeDomain(tree, domain);
    writeModel(tree, { domain: 'delivery', name: 'early-scan', target: 'late' });
    expect(tree.exists('libs/delivery/src/model/early-scan.graph.ts')).toBe(true);
  });

  it.each<[string, Partial<DomainOptions>, RegExp]>([
    ['a type of the entity', { entity: 'fact' }, /^Line \d+ of apps\/delivery\/src\/fact\.types\.ts: .* 'Fact'/],
    [
      'a decorator',
      { entity: 'field' },
      /^Line \d+ of apps\/delivery\/src\/field\.types\.ts: .*\('Field' is imported and declared/,
    ],
    ['an imported type', { entity: 'connection' }, /connection\.resolver\.ts: .* 'Connection'/],
    ['a property', { entity: 'store' }, /store\.resolver\.ts: .* 'store'.* Nothing was written\. Rename the domain/],
    ["the worker's variable", { model: 'records' }, /delivery\.work\.ts: .* 'records'/],
    ['a service of the runtime', { model: 'row' }, /row\.providers\.ts: .*\('RowService' is imported and declared/],
    ['a list of the store', { model: 'view' }, /view\.providers\.ts: .*\('ViewAnswers' is imported and declared/],
  ])('does not hold %s twice', (_, changed, message) => {
    expect(() => writeDomain(wholeHouse(), { ...domain, ...changed })).toThrow(message);
  });

  it('does not come to be exported by two', () => {
    const tree = wholeHouse();
    tree.write('libs/simulators/src/sky.ts', 'export const deliveryFiles = 1;');
    editSource(tree, 'libs/simulators/src/index.ts', exportingAll('./sky.ts'));
    expect(() => writeDomain(tree, domain)).toThrow(/^Line \d+ of libs\/simulators\/src\/index\.ts: .*'deliveryFiles'/);
  });
});

describe('a model', () => {
  it('learns from every number and flag of a view but its target', () => {
    const { features, logistic, output } = planModel(house(), model);
    const names = ['weight_g', 'length_cm', 'width_cm', 'height_cm', 'fragile', 'liquid', 'demand'];
    expect(features.map(({ name }) => name)).toEqual(names);
    expect([logistic, output]).toEqual([false, 'value']);
    expect(planModel(house(), { ...model, target: 'fragile', features: 'weight_g, price_inr' })).toMatchObject({
      logistic: true,
      output: 'probability',
      features: [{ name: 'weight_g' }, { name: 'price_inr' }],
    });
  });

  it.each<[string, Partial<ModelOptions>, RegExp]>([
    ['an unknown domain', { domain: 'x' }, /^Domain "x": expected one of packaging, risk.* Make a new one by/],
    ['a name that the domain has', { name: 'damage' }, /^Model packaging\/damage: the domain has a model/],
    ['a name but for a dash', { name: 'dam-age' }, /^Model packaging\/dam-age: the domain has a model damage already/],
    ['the name of its domain', { name: 'pack-aging' }, /^Model packaging\/pack-aging: the domain itself has this name/],
    ['a keyword', { name: 'delete' }, /^Model "delete": the word is one of ECMAScript/],
    [
      'a field of another subgraph',
      { name: 'frontier' },
      /^Model packaging\/frontier: the subgraph packaging has .* PackagingFrontier\./,
    ],
    ['a feature named twice', { features: 'weight_g,fragile,weight_g' }, /^Features of packaging\/price: .* each once/],
    ['a feature with a unit', { features: 'weight_g:g' }, /^Feature "weight_g:g": expected a number or a flag/],
    ['a name of files of the app', { name: 'plan' }, /^Model packaging\/plan: apps\/packaging\/src has files/],
    ['a name that is none', { name: 'Price' }, /^Model "Price": expected lower-case words/],
    ['an unknown view', { view: 'x' }, /^View "x": expected one of the views .*: product\. Name it by --view\.$/],
    ['a view of sums', { view: 'shipment' }, /^View "shipment": expected one of the views/],
    [
      'a view whose rows come from no file',
      { domain: 'risk', view: 'person' },
      /^View "person": expected .* personRowSchema/,
    ],
    ['an unknown target', { target: 'x' }, /^Target "x": expected a number or a flag .* It has weight_g/],
    ['text as a target', { target: 'category' }, /^Target "category": expected a number or a flag/],
    ['the target as a feature', { features: 'price_inr' }, /^Features of packaging\/price: expected at least one/],
  ])('is refused with %s', (_, changed, message) => {
    expect(() => planModel(house(), { ...model, ...changed })).toThrow(message);
  });

  it('does not look at what comes to be known later', () => {
    const tree = house();
    const views = 'libs/packaging/src/contract/packaging.views.ts';
    editSource(tree, views, addingProperty('fragile', 'later: true'));
    expect(declaredViews(tree, 'packaging')[0]!.facts.filter(({ later }) => later)).toHaveLength(1);
    expect(planModel(tree, model).features.map(({ name }) => name)).not.toContain('fragile');
    expect(() => planModel(tree, { ...model, features: 'fragile' })).toThrow('got one that comes to be known later');
  });
});

describe('a decision', () => {
  it('takes the number after the last, or the next free one of an area, and a line in the index', () => {
    const tree = house();
    const written = tree.children('docs/adr').filter((name) => /^\d/.test(name));
    const last = Math.max(...written.map((name) => Number(name.slice(0, 4))));
    writeDecision(tree, {
      title: "Carriers' word is kept.",
      context: 'One.',
      decision: 'Two.',
      consequences: 'Three.',
    });
    writeDecision(tree, { title: 'Parcels are small', after: 1 });
    const number = String(last + 1).padStart(4, '0');
    expect(tree.read(`docs/adr/${number}-carriers-word-is-kept.md`, 'utf8')).toBe(
      `# ${number}. Carriers' word is kept\n\n**Context.** One.\n\n**Decision.** Two.\n\n**Consequences.** Three.\n`,
    );
    const lines = tree
      .read('docs/adr/README.md', 'utf8')!
      .split('\n')
      .filter((line) => line.startsWith('- ['));
    expect(lines.at(-1)).toBe(`- [${number}](${number}-carriers-word-is-kept.md) Carriers' word is kept`);
    const free = /\[(\d{4})\].* Parcels are small/.exec(lines.join('\n'))![1]!;
    expect(written.some((name) => name.startsWith(free))).toBe(false);
    expect(lines).toEqual([...lines].sort((a, b) => Number(a.slice(3, 7)) - Number(b.slice(3, 7))));
    expect(() => writeDecision(tree, { title: 'Parcels are small' })).toThrow('says so already');
    expect(() => writeDecision(tree, { title: 'Parcels-are SMALL.' })).toThrow('says so already');
    expect(() => writeDecision(tree, { title: '!' })).toThrow('expected a short sentence');
    for (const title of ['Parcels\nare light', 'Parcels [all] are light'])
      expect(() => writeDecision(tree, { title })).toThrow('expected one line without [ and ]');
  });
});

describe('an edit', () => {
  const edited = (text: string, ...edits: Parameters<typeof editSource>[2][]) => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write('a.ts', text);
    editSource(tree, 'a.ts', ...edits);
    return tree.read('a.ts', 'utf8');
  };

  it.each([
    [
      'an import after the others',
      "import a from 'a';\nf();",
      importing('b', 'b'),
      "import a from 'a';\nimport { b } from 'b';\nf();",
    ],
    [
      'an import beside those of its module',
      "import { a } from 'a';",
      importing('a', 'a', 'b'),
      "import { a, b } from 'a';",
    ],
    ['an import where there is none', 'f();', importing('b', 'b'), "import { b } from 'b';\n\nf();"],
    ['the first element of a list', 'const l = [] as const;', addingElement('l', '1'), 'const l = [1] as const;'],
    ['an element after a comma', 'const x = { l: [0,] };', addingElement('l', '1'), 'const x = { l: [0, 1,] };'],
    ['a property', 'const x: T = { a };', addingProperty('x', 'b: 1'), 'const x: T = { a, b: 1 };'],
    [
      'an export at the end',
      "export * from './a.ts';\n",
      exportingAll('./b.ts'),
      "export * from './a.ts';\nexport * from './b.ts';\n",
    ],
    [
      'a statement and a name',
      'const x = { m({ a }) { return a; } };',
      beforeReturn('m', ['a', 'b'], 'f(b);'),
      'const x = { m({ a, b }) { f(b);\n    return a; } };',
    ],
  ])('adds %s', (_, before, edit, after) => {
    expect(edited(before, edit)).toBe(after);
  });

  it('names the file where it finds no place', () => {
    expect(() => edited('const x = 1;', addingElement('l', '1'))).toThrow('a.ts: expected a list named l');
  });
});
