import { setTimeout as sleep } from 'node:timers/promises';

import { ask, onStack, sharedStack } from '../stack/shared.stack.ts';

async function answering(): Promise<string> {
  const { data, errors } = await ask<{ product: { packaging: { model: { id: string } } } }>(
    '{ product(id: "p000003") { packaging { model { id } } } }',
  );
  expect(errors).toBeUndefined();
  return data!.product.packaging.model.id;
}

async function untilAnswers(id: string): Promise<void> {
  for (let looks = 0; (await answering()) !== id; looks++) {
    expect(looks).toBeLessThan(200);
    await sleep(50);
  }
}

describe('a second version', () => {
  it('is trained without promotion, promoted, taken up and rolled back, with no request failing', async () => {
    const started = JSON.parse((await onStack(['status', '--json'])).stdout) as {
      services: { name: string; pid: number }[];
    };
    const trained = await onStack(['train', 'packaging/damage', '--option', 'ridge=30', '--no-promote', '--json']);
    expect(trained).toMatchObject({ status: 0 });
    const run = JSON.parse(trained.stdout) as { state: string; promoted: boolean; version: { id: string } };
    expect(run).toMatchObject({ state: 'completed', promoted: false });
    expect(await answering()).toBe('packaging/damage@1');

    const { stdout, status } = await onStack(['models', 'promote', run.version.id, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: run.version.id });
    await untilAnswers(run.version.id);

    expect((await onStack(['models', 'promote', 'packaging/damage@1'])).status).toBe(0);
    await untilAnswers('packaging/damage@1');

    const after = JSON.parse((await onStack(['status', '--json'])).stdout) as typeof started;
    expect(after.services.map(({ name, pid }) => [name, pid])).toEqual(
      started.services.map(({ name, pid }) => [name, pid]),
    );
  });

  it('runs once for the same options over the same data', async () => {
    const again = ['train', 'packaging/damage', '--option', 'ridge=30', '--no-promote', '--json'];
    const [first, second] = [await onStack(again), await onStack(again)].map(
      ({ stdout }) => JSON.parse(stdout) as { id: string; version: { id: string } },
    );
    expect(second!.id).toBe(first!.id);
    expect(second!.version.id).toBe(first!.version.id);
    expect(sharedStack().products).toBeGreaterThan(0);
  });
});
