import type { Values } from '@haat/onnx';
import type { FitProgress } from '../trainer.ts';
import type { FitState } from './checkpoint.file.ts';
import type { Pace } from './fit.pace.ts';
import type { NetworkFit } from './network.plan.ts';

/** Where a fit is, for people and, in `figures`, for programs. */
export function fitProgress<O extends Values>(
  { step, loss, validation, stopping }: FitState,
  { steps, stopping: rule }: Pick<NetworkFit<O>, 'steps' | 'stopping'>,
  { rowsPerSecond, waiting, secondsLeft }: Pace,
): FitProgress {
  const heldOut = Object.entries(validation?.figures ?? {});
  const best = rule && stopping.best !== null && `best ${rule.metric} ${short(stopping.best)} at ${stopping.bestStep}`;
  const parts = [
    `Step ${step} of ${steps}: loss ${short(loss!)}`,
    heldOut.length > 0 &&
      `held out at ${validation!.step}: ${heldOut.map(([name, figure]) => `${name} ${short(figure)}`).join(', ')}`,
    best,
    `${Math.round(rowsPerSecond)} rows/s, ${(100 * waiting).toFixed(1)} % waiting for data`,
    secondsLeft !== null && `${Math.ceil(secondsLeft)} s left`,
  ];
  return {
    fraction: step / steps,
    message: parts.filter((part) => typeof part === 'string').join('; '),
    figures: {
      step,
      loss: loss!,
      ...Object.fromEntries(heldOut.map(([name, figure]) => [`heldOut/${name}`, figure])),
      rowsPerSecond,
      waiting,
      ...(secondsLeft !== null && { secondsLeft }),
    },
  };
}

function short(figure: number): string {
  return String(Number(figure.toPrecision(4)));
}
