import { domains } from '@haat/kit';
import { onStack, sharedStack } from '../stack/shared.stack.ts';

describe('the second start', () => {
  const { first, second, products, base } = sharedStack();

  it('has database, world and model already, and answers the same questions', () => {
    expect(second.text).toContain('Migrations (none was needed)');
    expect(second.text).toContain(`Demo world (${products} products, there already)`);
    expect(second.text).toContain('Model packaging/damage: version 1 is there already');
    expect(second.text).toMatch(/Inference of risk\/transmission: infer\/\S+ is there already/);
    const digest = /"digest": "([0-9a-f]{64})"/;
    expect(digest.exec(second.text)![1]).toBe(digest.exec(first.text)![1]);
  });

  it('keeps the history of Temporal', async () => {
    const response = await fetch(`http://127.0.0.1:${base + 5}/api/v1/namespaces/default/workflows`);
    const { executions } = (await response.json()) as { executions: { execution: { workflowId: string } }[] };
    expect(executions.map(({ execution }) => execution.workflowId)).toContainEqual(
      expect.stringMatching(/^train\/packaging-damage\/[0-9a-f]{16}$/),
    );
  });

  it('is told by haat status, every service ready', async () => {
    const { status, stdout } = await onStack(['status', '--json']);
    expect(status).toBe(0);
    const said = JSON.parse(stdout) as {
      running: boolean;
      services: { name: string; health: string }[];
      models: readonly object[];
    };
    expect(said.running).toBe(true);
    expect(said.services.map(({ name }) => name).sort()).toEqual(
      [...domains, 'gateway', 'platform', 'postgres', 'temporal', 'worker'].sort(),
    );
    expect(new Set(said.services.map(({ health }) => health))).toEqual(new Set(['ready']));
    for (const model of ['packaging/damage', 'risk/transmission'])
      expect(said.models).toContainEqual(
        expect.objectContaining({ model, champion: expect.objectContaining({ version: 1 }) }),
      );
  });

  it('cannot be started twice on one state folder', async () => {
    const { status, stderr } = await onStack(['up']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/ALREADY_RUNNING.*haat status.*haat down/);
  });
});
