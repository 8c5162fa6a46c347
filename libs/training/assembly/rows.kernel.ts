// AssemblyScript, not TypeScript: compiled by "npm run print" to src/network/tables/rows.kernel.code.ts.
//
// A table in memory: for each row its numbers and, behind them, their sums of squared gradients (AdaGrad), float32. So a row is
// read and changed in one place. Addresses are in bytes; `bags` are sums over rows, `tokens` the rows that they name.

/**
 * The table as it begins: numbers from [-bound, bound) by seed and place, those of `tensorOfTable` of `@haat/onnx` to the last bit, and
 * the same sum of squares everywhere.
 */
export function begin(table: usize, rows: i32, width: i32, bound: f64, seed: i32, squares: f32): void {
  let state = seed;
  let at = table;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++, at += 4) {
      state += 0x9e3779b9;
      store<f32>(at, <f32>(bound * (2 * (<f64>mixed(state) / 4294967296) - 1)));
    }
    for (let column = 0; column < width; column++, at += 4) store<f32>(at, squares);
  }
}

/** The mixing of splitmix32. */
function mixed(state: u32): u32 {
  const a = (state ^ (state >> 16)) * 0x21f0aaad;
  const b = (a ^ (a >> 15)) * 0x735a2d97;
  return b ^ (b >> 15);
}

/**
 * Reads ids int64 [bags, places] into the list of tokens that begins with the token `from`: `row` of each, and `first`, the first
 * token of each bag and, behind the last bag, of what follows. Padding is left out. Answers the place of the first id that the
 * table does not have, or -1.
 */
export function collect(
  ids: usize,
  bags: i32,
  places: i32,
  rows: i32,
  isPadded: bool,
  padding: i64,
  from: i32,
  row: usize,
  first: usize,
): i32 {
  let token = from;
  for (let bag = 0; bag < bags; bag++) {
    store<i32>(first + ((<usize>bag) << 2), token);
    for (let place = bag * places; place < (bag + 1) * places; place++) {
      const id = load<i64>(ids + ((<usize>place) << 3));
      if (isPadded && id === padding) continue;
      if (<u64>id >= <u64>rows) return place;
      store<i32>(row + ((<usize>token) << 2), <i32>id);
      token++;
    }
  }
  store<i32>(first + ((<usize>bags) << 2), token);
  return -1;
}

/** The sum or the mean of each bag's rows, float32 [bags, width], into `out`; what each row counts of it into `share`, [bags]. No rows: 0. */
export function pool(
  table: usize,
  width: i32,
  row: usize,
  first: usize,
  bags: i32,
  isMean: bool,
  share: usize,
  out: usize,
): void {
  const stride = (<usize>width) << 3;
  for (let bag = 0; bag < bags; bag++) {
    const from = row + ((<usize>load<i32>(first + ((<usize>bag) << 2))) << 2);
    const until = row + ((<usize>load<i32>(first + ((<usize>bag) << 2), 4)) << 2);
    const size = <i32>((until - from) >> 2);
    const each: f32 = isMean && size > 0 ? 1 / <f32>size : 1;
    store<f32>(share + ((<usize>bag) << 2), each);
    const shares = f32x4.splat(each);
    const to = out + <usize>bag * ((<usize>width) << 2);
    let column: i32 = 0;
    for (; column + 16 <= width; column += 16) {
      let a = f32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      const base = table + ((<usize>column) << 2);
      for (let at = from; at < until; at += 4) {
        const place = base + <usize>load<i32>(at) * stride;
        a = f32x4.add(a, v128.load(place));
        b = f32x4.add(b, v128.load(place, 16));
        c = f32x4.add(c, v128.load(place, 32));
        d = f32x4.add(d, v128.load(place, 48));
      }
      const target = to + ((<usize>column) << 2);
      v128.store(target, f32x4.mul(a, shares));
      v128.store(target, f32x4.mul(b, shares), 16);
      v128.store(target, f32x4.mul(c, shares), 32);
      v128.store(target, f32x4.mul(d, shares), 48);
    }
    for (; column < width; column++) {
      let sum: f32 = 0;
      const base = table + ((<usize>column) << 2);
      for (let at = from; at < until; at += 4) sum += load<f32>(base + <usize>load<i32>(at) * stride);
      store<f32>(to + ((<usize>column) << 2), sum * each);
    }
  }
}

/**
 * Chains the tokens that name the same row. `next` of a row's first token is the token after it in the chain, or -1; `row` of all
 * others becomes negative. `heads`: memory for a hash table of `size` entries, a power of two above twice the tokens.
 */
export function chain(tokens: i32, row: usize, next: usize, heads: usize, size: i32): void {
  memory.fill(heads, 0, (<usize>size) << 2);
  const shift = clz(size) + 1;
  const mask = size - 1;
  for (let token = 0; token < tokens; token++) {
    const id = load<i32>(row + ((<usize>token) << 2));
    let slot = <i32>((<u32>id * 0x9e3779b1) >> shift);
    let head = load<i32>(heads + ((<usize>slot) << 2));
    while (head !== 0 && load<i32>(row + ((<usize>(head - 1)) << 2)) !== id) {
      slot = (slot + 1) & mask;
      head = load<i32>(heads + ((<usize>slot) << 2));
    }
    const own = next + ((<usize>token) << 2);
    if (head === 0) {
      store<i32>(heads + ((<usize>slot) << 2), token + 1);
      store<i32>(own, -1);
    } else {
      const before = next + ((<usize>(head - 1)) << 2);
      store<i32>(own, load<i32>(before));
      store<i32>(before, token);
      store<i32>(row + ((<usize>token) << 2), -1);
    }
  }
}

/** The bag of each token. */
export function assign(bags: i32, first: usize, bagOf: usize): void {
  for (let bag = 0; bag < bags; bag++) {
    const until = load<i32>(first + ((<usize>bag) << 2), 4);
    for (let token = load<i32>(first + ((<usize>bag) << 2)); token < until; token++) {
      store<i32>(bagOf + ((<usize>token) << 2), bag);
    }
  }
}

/**
 * Rows that are fetched into the caches at once, before any of them is changed: so their ways from memory overlap, each of which takes
 * longer than changing a row.
 */
const BLOCK = 16;

/**
 * One step of AdaGrad for each row that is named: g = the sum of share times slope over its tokens, s = s + g^2, p = p - rate g /
 * (sqrt s + epsilon). Answers whether all that was written is finite. What `bagOf` and `next` hold is used up.
 */
export function update(
  table: usize,
  width: i32,
  tokens: i32,
  row: usize,
  next: usize,
  bagOf: usize,
  share: usize,
  slope: usize,
  rate: f32,
  epsilon: f32,
): bool {
  const stride = (<usize>width) << 3;
  const squares = (<usize>width) << 2;
  const vectors = width & ~3;
  const rates = f32x4.splat(-rate);
  const epsilons = f32x4.splat(epsilon);
  let waste = f32x4.splat(0);
  let rest: f32 = 0;
  let touched = 0;
  for (let token = 0; token < tokens; token++) {
    if (token % BLOCK === 0) touched ^= fetch(table, stride, row, token, min(token + BLOCK, tokens));
    const id = load<i32>(row + ((<usize>token) << 2));
    if (id < 0) continue;
    const place = table + <usize>id * stride;
    const more = load<i32>(next + ((<usize>token) << 2));
    const bag = <usize>load<i32>(bagOf + ((<usize>token) << 2));
    const each = load<f32>(share + (bag << 2));
    const shares = f32x4.splat(each);
    const own = slope + bag * squares;
    let column: i32 = 0;
    for (; column < vectors; column += 4) {
      const offset = (<usize>column) << 2;
      let g = f32x4.mul(shares, v128.load(own + offset));
      for (let other = more; other >= 0; other = load<i32>(next + ((<usize>other) << 2))) {
        const from = <usize>load<i32>(bagOf + ((<usize>other) << 2));
        const part = f32x4.splat(load<f32>(share + (from << 2)));
        g = f32x4.add(g, f32x4.mul(part, v128.load(slope + from * squares + offset)));
      }
      const at = place + offset;
      const s = f32x4.add(v128.load(at + squares), f32x4.mul(g, g));
      const p = f32x4.add(v128.load(at), f32x4.mul(rates, f32x4.div(g, f32x4.add(f32x4.sqrt(s), epsilons))));
      v128.store(at + squares, s);
      v128.store(at, p);
      waste = f32x4.add(waste, f32x4.mul(f32x4.add(p, s), f32x4.splat(0)));
    }
    for (; column < width; column++) {
      const offset = (<usize>column) << 2;
      let g = each * load<f32>(own + offset);
      for (let other = more; other >= 0; other = load<i32>(next + ((<usize>other) << 2))) {
        const from = <usize>load<i32>(bagOf + ((<usize>other) << 2));
        g += load<f32>(share + (from << 2)) * load<f32>(slope + from * squares + offset);
      }
      const at = place + offset;
      const s = load<f32>(at + squares) + g * g;
      const p = load<f32>(at) - rate * (g / (sqrt<f32>(s) + epsilon));
      store<f32>(at + squares, s);
      store<f32>(at, p);
      rest += (p + s) * 0;
    }
  }
  // Kept, or the reads would be left out.
  store<i32>(bagOf, touched);
  // 0 times a number is 0, but of an infinity or what is no number it is no number.
  return !v128.any_true(f32x4.ne(waste, waste)) && rest === rest;
}

/** Reads a word of every cache line of the rows of some tokens. */
function fetch(table: usize, stride: usize, row: usize, from: i32, until: i32): i32 {
  let sum = 0;
  for (let token = from; token < until; token++) {
    const id = load<i32>(row + ((<usize>token) << 2));
    if (id < 0) continue;
    const place = table + <usize>id * stride;
    for (let line: usize = 0; line < stride; line += 64) sum ^= load<i32>(place + line);
  }
  return sum;
}
