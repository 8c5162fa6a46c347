import type { Meeting, OutbreakContacts } from './outbreak.world.ts';
import { drawFrom, outbreakStream } from './outbreak.streams.ts';

/** Rows of contacts that grow: one of a pair and channel, whose units add up. */
class ContactRows {
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly channel: number[] = [];
  readonly count: number[] = [];
  readonly #persons: number;
  readonly #rowOf = new Map<number, Map<number, number>>();

  constructor(persons: number) {
    this.#persons = persons;
  }

  meet(from: number, to: number, channel: number, count: number): void {
    const pair = Math.min(from, to) * this.#persons + Math.max(from, to);
    const rows = this.#rowOf.get(channel) ?? new Map<number, number>();
    if (rows.size === 0) this.#rowOf.set(channel, rows);
    const row = rows.get(pair);
    if (row !== undefined) {
      this.count[row]! += count;
      return;
    }
    rows.set(pair, this.from.length);
    this.from.push(from);
    this.to.push(to);
    this.channel.push(channel);
    this.count.push(count);
  }

  build(day: number): OutbreakContacts {
    const rows = this.from.length;
    return {
      rows,
      from: Uint32Array.from(this.from),
      to: Uint32Array.from(this.to),
      day: new Uint8Array(rows).fill(day),
      channel: Uint8Array.from(this.channel),
      count: Uint16Array.from(this.count),
      mutual: new Uint8Array(rows).fill(1),
    };
  }
}

/** Who would meet whom on each day, were nobody kept apart: a function of the seed alone. */
export class ContactPlan {
  readonly #seed: number;
  readonly #persons: number;
  readonly #meetings: readonly (Meeting & { readonly members: readonly Uint32Array[] })[];

  constructor(seed: number, persons: number, meetings: readonly Meeting[]) {
    this.#seed = seed;
    this.#persons = persons;
    this.#meetings = meetings.map((meeting, at) => ({
      ...meeting,
      members: meeting.groups ? dealt(seed, at, persons, meeting.groups) : [],
    }));
  }

  on(day: number): OutbreakContacts {
    const rows = new ContactRows(this.#persons);
    this.#meetings.forEach(({ channel, groups, mean, units: [least, most], members }, at) => {
      const stream = outbreakStream(this.#seed, 'meetings', day * 256 + at);
      const meet = (from: number, to: number) => rows.meet(from, to, channel, least + stream.below(most - least + 1));
      if (groups) {
        for (const group of members) {
          for (let a = 1; a < group.length; a++)
            for (let b = 0; b < a; b++) if (stream.chance(mean)) meet(group[b]!, group[a]!);
        }
      } else if (this.#persons > 1) {
        const expected = (this.#persons * mean) / 2;
        const pairs = Math.floor(expected + stream.uniform());
        for (let pair = 0; pair < pairs; pair++) {
          const from = stream.below(this.#persons);
          const other = stream.below(this.#persons - 1);
          meet(from, other < from ? other : other + 1);
        }
      }
    });
    return rows.build(day);
  }
}

/** Everybody dealt into groups, in an order of the meeting's own; the last group may be smaller than drawn. */
function dealt(seed: number, meeting: number, persons: number, sizes: readonly number[]): Uint32Array[] {
  const stream = outbreakStream(seed, 'groups', meeting);
  const order = Uint32Array.from({ length: persons }, (_, person) => person);
  for (let k = persons - 1; k > 0; k--) {
    const other = stream.below(k + 1);
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  const groups: Uint32Array[] = [];
  for (let at = 0; at < persons;) {
    const size = drawFrom(sizes, stream);
    groups.push(order.subarray(at, at + size));
    at += size;
  }
  return groups;
}
