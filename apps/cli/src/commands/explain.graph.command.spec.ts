import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { runCli } from '../cli.program.ts';

const networks = fileURLToPath(new URL('../../../../tools/bench/train/', import.meta.url));

async function explainGraph(...args: readonly string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const said = Promise.all([text(stdout), text(stderr)]);
  const status = await runCli(['explain-graph', ...args], { env: {}, stdin, stdout, stderr, exit: 0 });
  stdout.end();
  stderr.end();
  const [out, err] = await said;
  return { status, out, err };
}

describe('haat explain-graph', () => {
  const separable = `${networks}separable.network.mjs`;

  it('says for each operator which form it was given, and why not those before', async () => {
    const { status, out } = await explainGraph(separable, '--rows', '64', '--kernels', '16');
    expect(status).toBe(0);
    expect(out).toMatch(/^bench\/separable, 64 rows a step, \d\.\d{3} GFLOP; blocked layout of 16 channels$/m);
    expect(out).toMatch(/^Conv +\[64, 3, 48, 36\], .* % +blocked Conv +it is the fastest$/m);
    expect(out).toMatch(/^ConvWeightGradient .* products of columns written out +no blocked depthwise Conv/m);
    expect(out).toContain('a kernel beside the graph writes 60 of 60 tensors');
  });

  it('says what a machine without blocked layout would do', async () => {
    const { out } = await explainGraph(separable, '--kernels', 'standard', '--json');
    const { operators, block } = JSON.parse(out) as { operators: { operator: string; form: string }[]; block: number };
    expect(block).toBe(0);
    const convolutions = operators.filter(({ operator }) => operator === 'Conv');
    expect(convolutions).toHaveLength(9);
    expect(new Set(convolutions.map(({ form }) => form))).toEqual(new Set(['as it is']));
  });

  it('refuses a file without a network, and one that cannot be loaded', async () => {
    const none = await explainGraph(`${networks}classifier.mjs`);
    expect(none).toMatchObject({ status: 1, out: '' });
    expect(none.err).toContain('expected one network, it exports none');
    expect((await explainGraph(separable, '--network', 'other')).err).toContain('it exports network');
    expect((await explainGraph(`${networks}nothing.mjs`)).err).toContain('cannot be loaded');
  });
});
