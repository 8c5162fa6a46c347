import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  adamW,
  chain,
  clipByGlobalNorm,
  crossEntropy,
  defineNetwork,
  dense,
  input,
  mean,
  trainingStepOf,
  uniformNumbers,
  weightAverage,
  type Tensors,
} from '@haat/onnx';
import { updateWork } from './update.layout.ts';
import { UpdateMemory } from './update.memory.ts';
import { PassQueue, type UpdateWork } from './update.passes.ts';
import { UpdateThreads } from './update.threads.ts';

const seed = 5;
const x = input('x', 'float32', ['n', 601]);
const y = input('y', 'int64', ['n']);
const [first, second] = [dense('first', 601, 603, { seed }), dense('second', 603, 3, { seed })];
const network = defineNetwork({
  name: 'test/wide',
  inputs: [x],
  outputs: (pass) => ({ logits: second(first(x, pass), pass) }),
  objective: ({ logits }) => ({ loss: mean(crossEntropy(logits, y)) }),
});

/** Passes of full size, a last one that fills no vector, and calls that are smaller than a pass. */
const step = trainingStepOf(network, chain(clipByGlobalNorm(1), adamW(1e-2), weightAverage(0.9)), {
  update: 'kernel',
});
const kernel = step.kernel!;

const drawn = uniformNumbers(seed, 997);

/** What a graph could have given in a step. */
function given(memory: UpdateMemory, at: number): Tensors {
  const numbers = [...new Set(kernel.calls.flatMap((call) => call.numbers))];
  for (const [i, { data }] of Object.values(memory.given).entries()) {
    const slopes = data as Float32Array;
    for (let k = 0; k < slopes.length; k++) slopes[k] = drawn[(k + 31 * i + at) % drawn.length]! - 0.5;
  }
  return Object.fromEntries(
    numbers.map((name, i) => [name, { dtype: 'float32' as const, shape: [], data: Float32Array.of(0.1 + i / 100) }]),
  );
}

function digestOf(data: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
}

/** The digest of each tensor after some steps. */
async function updatedBy(threads: number): Promise<Readonly<Record<string, string>>> {
  const memory = new UpdateMemory({ ...step, kernel }, threads);
  try {
    let state: Tensors = step.initial;
    for (let at = 0; at < 4; at++) {
      memory.placed(state);
      state = memory.updated(given(memory, at));
    }
    return Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, digestOf(data as Float32Array)]));
  } finally {
    await memory.release();
  }
}

describe('an update by several threads', () => {
  it('has the bits of one by one thread', async () => {
    const alone = await updatedBy(1);
    expect(Object.keys(alone).sort()).toEqual(Object.keys(step.initial).sort());
    expect(alone['first/weight']).not.toBe(digestOf(step.initial['first/weight']!.data as Float32Array));
    expect(await updatedBy(2)).toEqual(alone);
    expect(await updatedBy(3)).toEqual(alone);
  });

  it('covers each element of each call once', () => {
    const { work, layout } = updateWork(kernel, step.optimizer);
    const written = new Uint8Array(work.memory.buffer.byteLength / 4);
    for (const { bytes, addresses, entry } of work.passes) {
      const { reads, writes } = kernel.calls.find((call) => call.entry === entry)!;
      expect(addresses[0]).toHaveLength(reads.length + writes.length);
      for (const address of addresses[0].slice(reads.length)) {
        for (let at = address / 4; at < (address + bytes) / 4; at++) written[at]! += 1;
      }
    }
    for (const { byteOffset, length } of layout.sides[1].values()) {
      expect(written.subarray(byteOffset / 4, byteOffset / 4 + length).every((times) => times === 1)).toBe(true);
      written.fill(0, byteOffset / 4, byteOffset / 4 + length);
    }
    expect(written.every((times) => times === 0)).toBe(true);
  });

  it('keeps parameters on two sides, and the state of the optimiser in one place', () => {
    const { sides } = updateWork(kernel, step.optimizer).layout;
    const once = [...sides[0].keys()].filter((name) => sides[0].get(name) === sides[1].get(name));
    expect(once.sort()).toEqual([...step.optimizer].sort());
    for (const name of step.parameters) {
      expect(sides[0].get(name)!.byteOffset).not.toBe(sides[1].get(name)!.byteOffset);
    }
  });

  it('is done by whoever is there: the other thread alone, or the caller alone', async () => {
    const [theirs, own] = [updateWork(kernel, step.optimizer), updateWork(kernel, step.optimizer)];
    for (const { layout } of [theirs, own]) for (const view of layout.given.values()) view.fill(0.25);
    const threads = new UpdateThreads(theirs.work, 1);
    const asking = new PassQueue(theirs.work);
    asking.open(
      0,
      theirs.numbers.map(() => 0.5),
    );
    asking.close();
    const working = new PassQueue(own.work);
    working.open(
      0,
      own.numbers.map(() => 0.5),
    );
    working.help();
    working.close();
    await threads.end();
    expect(digestOf(new Float32Array(theirs.work.memory.buffer))).toBe(
      digestOf(new Float32Array(own.work.memory.buffer)),
    );
    expect(theirs.layout.sides[1].get('optimizer/m/first/weight')!.every((number) => number !== 0)).toBe(true);
  });

  it('does not wait for ever for a thread that is gone with a pass it took', () => {
    const { work, numbers } = updateWork(kernel, step.optimizer);
    const queue = new PassQueue(work);
    queue.open(
      0,
      numbers.map(() => 0.5),
    );
    expect(() => queue.close(1)).toThrow(expect.objectContaining({ code: 'MODEL_RUN_FAILED' }));
  });

  it('says when a thread has ended by itself', async () => {
    const threads = new UpdateThreads(
      { ...updateWork(kernel, step.optimizer).work, module: {} as UpdateWork['module'] },
      1,
    );
    expect(threads.running).toBe(1);
    threads.requireAlive();
    while (threads.running > 0) await nextTurn();
    expect(() => threads.requireAlive()).toThrow(expect.objectContaining({ code: 'MODEL_RUN_FAILED' }));
  });

  it('leaves no thread behind when it is ended', async () => {
    const threads = new UpdateThreads(updateWork(kernel, step.optimizer).work, 2);
    expect(threads.running).toBe(2);
    await threads.end();
    expect(threads.running).toBe(0);
    threads.requireAlive();
  });
});

describe('the threads of a training session', () => {
  it('end with it, and where ONNX Runtime refuses the graph, and keep no program alive', () => {
    const program = `
      import * as nn from '@haat/onnx';
      import { TrainingSession } from '@haat/model-runtime';
      const threads = [];
      process.on('worker', (worker) => threads.push(worker));
      const tell = () => console.log(threads.map(({ threadId }) => threadId > 0).join());
      const x = nn.input('x', 'float32', ['n', 600]);
      const layer = nn.dense('wide', 600, 600, { seed: 1 });
      const step = nn.compileTrainingStep({ loss: nn.mean(layer(x, 'training')) }, nn.sgd(0.1), { update: 'kernel' });
      const session = await TrainingSession.open(step, { threads: 3 });
      tell();
      await session.release();
      tell();
      await TrainingSession.open({ ...step, model: step.model.slice(0, 100) }, { threads: 2 }).catch(({ code }) => console.log(code));
      tell();
      await TrainingSession.open(step, { threads: 2 });
      tell();
    `;
    const hooks = fileURLToPath(new URL('../../../../tools/jest/source.mjs', import.meta.url));
    const options = ['--no-warnings', '--conditions=@haat/source', '--import', hooks, '--input-type=module'];
    const said = execFileSync(process.execPath, [...options, '--eval', program], { encoding: 'utf8' });
    expect(said.trim().split('\n')).toEqual([
      'true,true',
      'false,false',
      'MODEL_REFUSED',
      'false,false,false',
      'false,false,false,true',
    ]);
  });
});
