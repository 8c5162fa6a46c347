import { administratorHeaders, ask, onStack, sharedStack } from '../stack/shared.stack.ts';

const codes = ({ errors }: Awaited<ReturnType<typeof ask>>) => errors?.map(({ extensions }) => extensions?.code);

describe('the gateway', () => {
  it.each([
    ['an unknown product', '{ product(id: "p999999") { id } }', 'UNKNOWN_PRODUCT'],
    ['an unknown run', '{ run(id: "train/none/0") { id } }', 'UNKNOWN_RUN'],
    ['an unknown version', 'mutation { promoteModel(id: "packaging/damage@99") { id } }', 'UNKNOWN_MODEL_VERSION'],
    ['an unknown model', 'mutation { trainModel(input: { model: "packaging/fire" }) { id } }', 'UNKNOWN_MODEL'],
    ['a budget below the cheapest plan', '{ packagingPlan(budget: { inr: 1 }) { method } }', 'BUDGET_TOO_LOW'],
    [
      'a damage target below the safest plan',
      '{ packagingPlan(damageTarget: { inr: 0.01 }) { method } }',
      'DAMAGE_TARGET_TOO_LOW',
    ],
    ['a negative budget', '{ packagingPlan(budget: { inr: -5 }) { method } }', 'INVALID_LIMIT'],
    ['an unknown field', '{ products(first: 1) { edges { node { colour } } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['no GraphQL', '{ products(', 'GRAPHQL_PARSE_FAILED'],
  ])('answers %s with its code', async (_, query, code) => {
    expect(codes(await ask(query))).toEqual([code]);
  });

  it('answers an option that the model does not take with INVALID_ARGUMENT', async () => {
    const answer = await ask(
      'mutation($options: JSONObject) { trainModel(input: { model: "packaging/damage", options: $options }) { id } }',
      { options: { ridge: -1 } },
    );
    expect(codes(answer)).toEqual(['INVALID_ARGUMENT']);
  });

  it('answers a query of 10 MB with status 413 and REQUEST_TOO_LARGE', async () => {
    const response = await fetch(`http://127.0.0.1:${sharedStack().base}/graphql`, {
      method: 'POST',
      headers: await administratorHeaders(),
      body: JSON.stringify({ query: `{ models { name } } #${'x'.repeat(10_000_000)}` }),
    });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('REQUEST_TOO_LARGE');
  });

  it('tells nothing of its inside', async () => {
    const { base } = sharedStack();
    const texts = await Promise.all(
      ['{ product(id: "p999999") { id } }', '{ colour }', '{ run(id: "none") { id } }'].map(async (query) =>
        JSON.stringify(await ask(query)),
      ),
    );
    for (const text of texts) {
      expect(text).not.toMatch(/stack|node_modules|\.ts:\d|\.js:\d|postgres/i);
      expect(text).not.toContain(String(base + 1));
      expect(text).not.toContain(String(base + 6));
    }
  });
});

describe('the command line', () => {
  it('says the code and ends with status 1', async () => {
    expect(await onStack(['plan', '--budget', '1'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error BUDGET_TOO_LOW: /),
    });
  });

  it('says it as JSON with --json', async () => {
    const { status, stderr } = await onStack(['evaluate', 'packaging/damage@99', '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'UNKNOWN_MODEL' } });
  });

  it.each([
    [['plan']],
    [['plan', '--budget', '95%', '--frontier', '5']],
    [['predict']],
    [['no-such-command']],
    [['up', '--port', 'many']],
    [['train', 'packaging/damage', '--local']],
  ])('ends %j with status 2', async (args) => {
    expect((await onStack(args)).status).toBe(2);
  });

  it('predicts for products of the platform, an unknown one in its place', async () => {
    const { status, stdout } = await onStack(
      ['predict', 'packaging/damage'],
      '{"id":"p000002"}\n{"id":"p999999"}\n{"id":"p000001"}\n',
    );
    expect(status).toBe(3);
    const [first, unknown, last] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({ id: 'p000002', model: 'packaging/damage@1', predictionId: expect.any(String) });
    expect(unknown).toMatchObject({ id: 'p999999', error: { code: 'UNKNOWN_PRODUCT', field: 'id' } });
    expect(last).toMatchObject({ id: 'p000001' });
  });
});
