import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Actor } from '@haat/kit';
import { accessCases, actorsOf, answeredVerdicts, eventsOf, firstWord, promisedVerdicts } from '@haat/platform/testing';

import { administratorHeaders, ask, onStack, runHaat, sharedStack } from '../stack/shared.stack.ts';

interface Created {
  readonly secret: string;
  readonly key: { readonly id: string };
}

async function createKey(name: string, { role, scopes }: Pick<Actor, 'role' | 'scopes'>): Promise<Created> {
  const args = scopes.flatMap((scope) => ['--scope', scope]);
  const { status, stdout } = await onStack(['keys', 'create', name, '--role', role, ...args, '--json']);
  expect(status).toBe(0);
  return JSON.parse(stdout) as Created;
}

const withToken = (args: readonly string[], token: string) => {
  const { home, base } = sharedStack();
  return runHaat(args, { env: { HAAT_HOME: home, HAAT_PORT: String(base), HAAT_TOKEN: token } });
};

const postTo = (port: number, headers: Readonly<Record<string, string>>) =>
  fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ __typename }' }),
  });

describe('the gateway', () => {
  it('lets in the token that the start printed, and nobody without credentials', async () => {
    const { second, base } = sharedStack();
    const token = /^eyJ[\w.-]+$/m.exec(second.text)![0];
    expect((await postTo(base, { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await postTo(base, {})).status).toBe(401);
    const page = await (await fetch(`http://127.0.0.1:${base}/graphiql`)).text();
    const carried = /"authorization":"(Bearer [\w.-]+)"/.exec(page)![1]!;
    expect((await postTo(base, { authorization: carried })).status).toBe(200);
  });

  it('answers each role and scope as the printed schemas say, by keys of each', async () => {
    const actors = actorsOf('packaging');
    const secrets = new Map<Actor, string>();
    for (const actor of actors) {
      const { data } = await ask<{ createApiKey: { secret: string } }>(
        'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
        { input: { name: 'matrix', role: actor.role, scopes: actor.scopes, days: 1 } },
      );
      secrets.set(actor, data!.createApiKey.secret);
    }
    for (const app of ['platform', 'packaging']) {
      const sdl = await readFile(new URL(`../../apps/${app}/schema.graphql`, import.meta.url), 'utf8');
      const entities = { Product: { id: 'p000001' }, ModelVersion: { id: 'packaging/damage@1' } };
      const sample = accessCases(sdl, { domain: 'packaging', entities }).filter(({ kind }) =>
        ['query', 'subscription'].includes(kind),
      );
      const answered = await answeredVerdicts(sample, actors, async ({ kind, query, variables }, actor) => {
        const headers = { 'x-api-key': secrets.get(actor)! };
        if (kind === 'query') return ask<object>(query, variables, headers);
        const stream = eventsOf(`http://127.0.0.1:${sharedStack().base}`, { query, variables, headers });
        for await (const event of stream) return firstWord([JSON.parse(event)]);
        return {};
      });
      expect(answered).toEqual(promisedVerdicts(sample, actors));
    }
  });
});

describe('a key', () => {
  it('does what its role may until it is revoked, and nothing a few seconds later', async () => {
    const { secret, key } = await createKey('dashboard', { role: 'reader', scopes: ['packaging'] });
    expect((await withToken(['models'], secret)).status).toBe(0);
    const refused = await withToken(['models', 'promote', 'packaging/damage@1'], secret);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('error FORBIDDEN') });
    expect((await withToken(['keys', 'list'], secret)).stderr).toContain('error FORBIDDEN');

    const listed = JSON.parse((await onStack(['keys', 'list', '--first', '100', '--json'])).stdout) as { id: string }[];
    expect(listed.map(({ id }) => id)).toContain(key.id);
    expect(JSON.stringify(listed)).not.toContain(secret.slice(-43));

    expect((await onStack(['keys', 'revoke', key.id])).status).toBe(0);
    let answer = await ask('{ models { name } }', {}, { 'x-api-key': secret });
    for (let looks = 0; answer.errors === undefined; looks++) {
      expect(looks).toBeLessThan(200);
      await sleep(100);
      answer = await ask('{ models { name } }', {}, { 'x-api-key': secret });
    }
    expect(answer.errors[0]!.extensions!.code).toBe('UNAUTHENTICATED');
  });

  it('cannot make one that may do more', async () => {
    const { secret } = await createKey('deputy', { role: 'admin', scopes: ['packaging'] });
    const made = await withToken(['keys', 'create', 'escalation', '--role', 'admin', '--scope', '*'], secret);
    expect(made).toMatchObject({ status: 1, stderr: expect.stringContaining('error FORBIDDEN') });
  });
});

describe('a subgraph', () => {
  it('takes neither a token of the gateway’s clients nor nothing', async () => {
    const { base } = sharedStack();
    for (const port of [base + 1, base + 6, base + 7]) {
      for (const headers of [{}, await administratorHeaders()]) expect((await postTo(port, headers)).status).toBe(401);
      expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
    }
  });
});
