import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { plantedImpurities } from './planted.impure.ts';
import { allowed, planted, plantedHabits } from './planted.ts';
import { applications, packages } from './walls.mjs';
import { WorkspaceCopy, type LintRun } from './workspace.copy.ts';

const workspace = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

describe('The walls, in a copy of the workspace with a second domain', () => {
  let copy: WorkspaceCopy;
  let bare: LintRun;
  let before: LintRun;
  let after: LintRun;

  beforeAll(async () => {
    copy = await WorkspaceCopy.of(workspace);
    await copy.addDomain('packaging', 'bazaar');
    bare = await copy.lint('libs/kit');
    await copy.makeProjectGraph();
    before = await copy.lint('libs', 'apps');
    for (const { file, code } of Object.values({ ...planted, ...plantedImpurities, ...plantedHabits, ...allowed }))
      await copy.write(file, code);
    after = await copy.lint('libs', 'apps');
  }, 180_000);

  afterAll(() => copy.remove());

  it('refuses to lint without a project graph, where the boundary rule would skip itself', () => {
    expect(bare.output).toContain('will be skipped');
    expect([...bare.findings.values()].flat().map(({ rule }) => rule)).toContain('house/graph');
    expect(bare.status).toBe(1);
  });

  it('has nothing to say before anything is planted, and skips no rule for want of a project graph', () => {
    expect([...before.findings.values()].flat()).toEqual([]);
    expect(before.status).toBe(0);
    expect(`${before.output}${after.output}`).not.toContain('will be skipped');
  });

  it('fails the lint when something is planted', () => expect(after.status).toBe(1));

  describe.each([
    ['import', planted],
    ['way out of purity', plantedImpurities],
    ['habit', plantedHabits],
  ])('refuses the %s', (_kind, table) => {
    it.each(Object.entries(table))('%s', (_name, { file, rule, says }) => {
      const errors = after.findings.get(file)?.filter((finding) => finding.severity === 2 && finding.rule === rule);
      expect(errors?.map((finding) => finding.message)).toContainEqual(expect.stringMatching(says));
    });
  });

  it.each(Object.entries(allowed))('lets through: %s', (_name, { file }) => {
    expect(after.findings.get(file)).toEqual([]);
  });
});

describe('Tags', () => {
  const types: Record<string, { ground: string }> = { ...packages, ...applications };
  const manifests = [
    ...['libs', 'apps'].flatMap((folder) => readdirSync(`${workspace}/${folder}`).map((name) => `${folder}/${name}`)),
    'tools',
    'e2e',
  ].map((project) => [project, readFileSync(`${workspace}/${project}/package.json`, 'utf8')] as const);

  it.each(manifests)('%s stands behind a wall of each kind', (_project, text) => {
    const manifest = JSON.parse(text) as { nx: { tags: string[] } };
    const of = (kind: string) =>
      manifest.nx.tags.filter((tag) => tag.startsWith(`${kind}:`)).map((tag) => tag.slice(kind.length + 1));
    expect(manifest.nx.tags).toHaveLength(3);
    expect(Object.keys(types)).toEqual(expect.arrayContaining(of('type')));
    expect(of('env')).toEqual(of('type').map((type) => types[type]?.ground));
    expect(of('scope')).toHaveLength(1);
  });
});
