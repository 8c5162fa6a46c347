import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import type { Tree } from '@nx/devkit';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDecision } from './adr/adr.generator.ts';
import { planDomain, type DomainOptions } from './domain/domain.plan.ts';
import { planModel, type ModelOptions } from './model/model.plan.ts';
import { addingElement, addingProperty, beforeReturn, editSource, exportingAll, importing } from './source.edit.ts';
import { declaredViews } from './workspace.facts.ts';

const workspace = fileURLToPath(new URL('../..', import.meta.url));

/** What generators look at, as it stands. */
function house(): Tree {
  const tree = createTreeWithEmptyWorkspace();
  const looked = [
    'libs/kit/src/domain.ts',
    'libs/{packaging,risk}/src/{contract,store,model}/*.ts',
    'apps/*/{schema.graphql,package.json}',
    'apps/packaging/src/*.ts',
    'docs/adr/*.md',
  ];
  for (const file of globSync(looked, { cwd: workspace })) tree.write(file, readFileSync(join(workspace, file)));
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
    ['a name that the house has', { name: 'risk' }, /^Domain "risk": a package or an app .* Choose another name\.$/],
    ['a name of an app', { name: 'gateway' }, /^Domain "gateway": a package or an app/],
    ['two words', { name: 'last-mile' }, /^Domain "last-mile": expected one lower-case word/],
    ['capitals', { entity: 'Parcel' }, /^Entity "Parcel": expected one lower-case word/],
    ['a word of SQL', { entity: 'order' }, /^Entity "order": the word is one of SQL/],
    ['a type of another subgraph', { entity: 'product' }, /^Entity "product": the subgraph packaging has a type/],
    ['a model that is no name', { model: 'Late_one' }, /^Model "Late_one": expected lower-case words joined by "-"/],
    ['one name for two things', { model: 'parcel' }, /^Names: expected three different names/],
    ['a fact that is no column', { facts: 'Weight:g' }, /^Fact "Weight": expected lower-case words joined by "_"/],
    ['a fact that is there already', { facts: 'revision:1' }, /^Fact "revision": .* the table has already/],
    ['a fact named twice', { facts: 'late' }, /^Fact "late": it is named twice/],
    ['no facts', { facts: '' }, /^Facts: expected at least one/],
  ])('is refused with %s', (_, changed, message) => {
    expect(() => planDomain(house(), { ...domain, ...changed })).toThrow(message);
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
    expect(() => writeDecision(tree, { title: '!' })).toThrow('expected a short sentence');
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
