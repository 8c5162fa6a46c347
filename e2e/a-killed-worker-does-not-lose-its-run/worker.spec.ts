import { setTimeout as sleep } from 'node:timers/promises';

import { ask, onStack } from '../stack/shared.stack.ts';

interface Run {
  readonly id: string;
  readonly state: string;
  readonly progress: { readonly step: string } | null;
}

async function look(id: string): Promise<Run> {
  const { data } = await ask<{ run: Run }>('query($id: ID!) { run(id: $id) { id state progress { step } } }', { id });
  return data!.run;
}

async function workerPid(): Promise<number> {
  const { stdout } = await onStack(['status', '--json']);
  const { services } = JSON.parse(stdout) as { services: { name: string; pid: number }[] };
  return services.find(({ name }) => name === 'worker')!.pid;
}

async function begin(...options: string[]): Promise<string> {
  const { stdout } = await onStack(['train', 'packaging/damage', '--no-wait', ...options, '--json']);
  return (JSON.parse(stdout) as Run).id;
}

describe('a training run', () => {
  it('completes although its worker is killed in the middle, on the worker that the launcher starts instead', async () => {
    const pid = await workerPid();
    const id = await begin('--no-promote', '--key', 'killed worker');
    while ((await look(id)).progress === null) await sleep(10);
    process.kill(pid, 'SIGKILL');
    const watched = await onStack(['runs', 'watch', id, '--json']);
    expect(watched).toMatchObject({ status: 0 });
    expect(JSON.parse(watched.stdout)).toMatchObject({ state: 'completed', promoted: false });
    expect(await workerPid()).not.toBe(pid);
  });

  it('stops when it is cancelled, and says so', async () => {
    const id = await begin('--approval', '--option', 'ridge=47');
    expect(await onStack(['runs', 'cancel', id])).toMatchObject({ status: 0 });
    const watched = await onStack(['runs', 'watch', id]);
    const { state } = await look(id);
    expect(state).toBe('cancelled');
    expect(watched).toMatchObject({ status: 1, stderr: expect.stringContaining('RUN_FAILED') });
  });
});
