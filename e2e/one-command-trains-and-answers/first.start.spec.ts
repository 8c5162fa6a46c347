import { ask, sharedStack } from '../stack/shared.stack.ts';

describe('the first start', () => {
  const { first, base, products } = sharedStack();

  it('shows each step with how long it took', () => {
    for (const step of ['PostgreSQL server', 'Temporal server', 'Migrations', 'Demo world', 'gateway', 'Model']) {
      expect(first.text).toMatch(new RegExp(`${step}.*\\[\\d+(\\.\\d+)?\\s?m?s\\]`));
    }
    expect(first.text).toContain(`${products} products`);
    for (const model of ['packaging/damage', 'risk/transmission'])
      expect(first.text).toContain(`Model ${model}: version 1 trained through Temporal and promoted`);
    expect(first.text).toMatch(/Inference of risk\/transmission: infer\/risk-transmission\/\w+/);
  });

  it('prints its questions with their answers', () => {
    expect(first.text).toMatch(/1\. .*\n\n\{[\s\S]*packaging \{[\s\S]*"damageProbabilities": \[/);
    expect(first.text).toMatch(/2\. .*\n\n\{[\s\S]*packagingPlan\(budget[\s\S]*"lowerBound": \d/);
    expect(first.text).toMatch(/3\. .*\n\n\{[\s\S]*packagingFrontier[\s\S]*"points": \[/);
    expect(first.text).toMatch(/4\. .*\n\n\{[\s\S]*highestRisk[\s\S]*"infectious": \d/);
  });

  it('prints where everything is, on loopback', () => {
    for (const place of ['/graphiql', '/graphql', ':' + String(base + 5), '/metrics'])
      expect(first.text).toContain(place);
    const hosts = [...first.text.matchAll(/https?:\/\/([^/:\s]+)/g)].map(([, host]) => host);
    expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']));
  });

  it('ends with status 0 after --exit and leaves no port', () => {
    expect(first).toMatchObject({ status: 0, portsLeft: [] });
  });

  it('is recorded as a run of Temporal with all its steps', async () => {
    const { data } = await ask<{ runs: { edges: { node: object }[] } }>(
      '{ runs(first: 100, state: completed) { edges { node { state model promoted steps { step finishedAt } version { id } metrics { name value } } } } }',
    );
    const run = data!.runs.edges.at(-1)!.node;
    expect(run).toMatchObject({
      state: 'completed',
      model: 'packaging/damage',
      promoted: true,
      version: { id: 'packaging/damage@1' },
      steps: ['snapshot', 'fit', 'evaluate', 'gates', 'register', 'promote'].map((step) => ({
        step,
        finishedAt: expect.any(String),
      })),
    });
    expect(run).toMatchObject({ metrics: expect.arrayContaining([{ name: 'ordinalityViolations', value: 0 }]) });
  });
});
