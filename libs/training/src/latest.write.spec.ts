import { latestWrite } from './latest.write.ts';
import type { FitProgress } from './trainer.ts';

const at = (fraction: number): FitProgress => ({ fraction, message: '' });

describe('latestWrite', () => {
  it('writes one at a time, skips what was overtaken, and always writes the last', async () => {
    const written: (number | null)[] = [];
    const finish: (() => void)[] = [];
    const write = ({ fraction }: FitProgress) => {
      written.push(fraction);
      return new Promise<void>((resolve) => finish.push(resolve));
    };
    const progress = latestWrite(write, () => undefined);
    for (const fraction of [0.1, 0.2, 0.3]) progress.push(at(fraction));
    expect(written).toEqual([0.1]);
    finish.shift()!();
    await Promise.resolve().then(() => undefined);
    const settled = progress.settled();
    while (finish.length === 0) await Promise.resolve();
    finish.shift()!();
    await settled;
    expect(written).toEqual([0.1, 0.3]);
  });

  it('tells of a write that failed, and goes on', async () => {
    const failures: unknown[] = [];
    const written: (number | null)[] = [];
    const progress = latestWrite<FitProgress>(
      async ({ fraction }) => {
        if (fraction === 0.1) throw new Error('connection lost');
        written.push(fraction);
      },
      (failure) => failures.push(failure),
    );
    progress.push(at(0.1));
    await progress.settled();
    progress.push(at(0.9));
    await progress.settled();
    expect([failures.length, written]).toEqual([1, [0.9]]);
  });
});
