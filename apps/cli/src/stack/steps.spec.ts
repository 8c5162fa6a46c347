import { jest } from '@jest/globals';
import { PassThrough } from 'node:stream';

import { Output } from '../output/output.ts';
import { runSteps } from './steps.ts';

describe('runSteps', () => {
  /** What a start says whose first step fails after `signal` was aborted or not. */
  async function saidOf(controller: AbortController, abort: boolean): Promise<string> {
    const said: string[] = [];
    const hear = (chunk: unknown) => said.push(String(chunk)) > 0;
    const streams = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation(hear),
    );
    const run = async () => {
      if (abort) controller.abort();
      throw new Error('ended');
    };
    try {
      const output = new Output(false, new PassThrough(), new PassThrough());
      await expect(runSteps([{ title: 'PostgreSQL', run }], output, controller.signal)).rejects.toThrow('ended');
    } finally {
      for (const stream of streams) stream.mockRestore();
    }
    return said.join('');
  }

  it('points to what is told below only where something will be', async () => {
    expect(await saidOf(new AbortController(), false)).toMatch(/PostgreSQL.*see below/);
    const interrupted = await saidOf(new AbortController(), true);
    expect(interrupted).toMatch(/PostgreSQL.*interrupted/);
    expect(interrupted).not.toContain('below');
  });
});
