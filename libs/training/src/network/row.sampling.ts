import { seedFor } from '@haat/onnx';
import { shuffledOrder } from './shuffled.order.ts';

/**
 * Which row comes at each place of an epoch, a function of epoch and place alone. An epoch has as many places as there are rows.
 */
export type RowSampling = (epoch: number) => (place: number) => number;

/** Every row once an epoch, as it is stored. */
export const inOrder: RowSampling = () => (place) => place;

/** Every row once an epoch, each epoch in an order of its own. */
export function shuffled(rows: number, seed: number): RowSampling {
  return (epoch) => shuffledOrder(rows, seedFor(seed, `epoch ${epoch}`));
}

/**
 * Every class equally often an epoch (to one row), whatever its share; within a class every row once before any comes again.
 * `labels`: the class of each row, whole numbers from 0; classes that no row has are left out.
 */
export function classBalanced(labels: ArrayLike<number>, seed: number): RowSampling {
  const members = rowsByClass(labels);
  const quota = Math.ceil(labels.length / members.length);
  return (epoch) => {
    const order = shuffledOrder(labels.length, seedFor(seed, `epoch ${epoch}`));
    const rounds = new Map<string, (place: number) => number>();
    return (place) => {
      const at = order(place);
      const label = at % members.length;
      const rows = members[label]!;
      // The place in the endless sequence of the class, which goes on from epoch to epoch.
      const drawn = epoch * quota + Math.floor(at / members.length);
      const round = `class ${label} round ${Math.floor(drawn / rows.length)}`;
      let within = rounds.get(round);
      if (within === undefined) rounds.set(round, (within = shuffledOrder(rows.length, seedFor(seed, round))));
      return rows[within(drawn % rows.length)]!;
    };
  };
}

function rowsByClass(labels: ArrayLike<number>): readonly Uint32Array[] {
  const counts = new Map<number, number>();
  for (let row = 0; row < labels.length; row++) counts.set(labels[row]!, (counts.get(labels[row]!) ?? 0) + 1);
  const known = [...counts.keys()].sort((a, b) => a - b);
  const members = new Map(known.map((label) => [label, new Uint32Array(counts.get(label)!)]));
  const filled = new Map<number, number>();
  for (let row = 0; row < labels.length; row++) {
    const at = filled.get(labels[row]!) ?? 0;
    members.get(labels[row]!)![at] = row;
    filled.set(labels[row]!, at + 1);
  }
  return known.map((label) => members.get(label)!);
}
