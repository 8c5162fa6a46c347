// AssemblyScript, not TypeScript: compiled by "npm run print" to src/model/sampler/conditional.kernel.code.ts.
//
// The loops of the conditional law, two days at once. Addresses are in bytes, numbers float64 unless said otherwise. Each number comes from the same
// operations in the same order as one by one. What is read and written behind the end of an array is less than a tile of eight numbers, beside what `correlate` says.

/** exp(-x), the library's. */
declare function exponential(x: f64): f64;

/** Steps of the tables in one nat, and where they end. */
const STEPS: f64 = 64;
const TABLE_END: f64 = 16;
/** Where the tables lie: exp(-k / 64) for k up to 1024, then the complements. */
const AT_STEP: usize = 0;
const BELOW_ONE: usize = 1025 * 8;

/**
 * out[i] = sum over m below `length` of taps[m] x[i + m], for i below n: eight outputs and four taps at once. Reads tiles of x: up to eight
 * numbers and `length` behind its n.
 * @param length a multiple of four
 */
export function correlate(out: usize, x: usize, taps: usize, length: i32, n: i32): void {
  const end = taps + ((<usize>length) << 3);
  for (let i = 0; i < n; i += 8, x += 64, out += 64) {
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let at = x;
    for (let tap = taps; tap < end; tap += 32, at += 32) {
      const t0 = v128.load64_splat(tap);
      const t1 = v128.load64_splat(tap, 8);
      const t2 = v128.load64_splat(tap, 16);
      const t3 = v128.load64_splat(tap, 24);
      const x2 = v128.load(at, 16);
      const x3 = v128.load(at, 24);
      const x4 = v128.load(at, 32);
      const x5 = v128.load(at, 40);
      const x6 = v128.load(at, 48);
      const x7 = v128.load(at, 56);
      a = f64x2.add(a, four(t0, t1, t2, t3, v128.load(at), v128.load(at, 8), x2, x3));
      b = f64x2.add(b, four(t0, t1, t2, t3, x2, x3, x4, x5));
      c = f64x2.add(c, four(t0, t1, t2, t3, x4, x5, x6, x7));
      d = f64x2.add(d, four(t0, t1, t2, t3, x6, x7, v128.load(at, 64), v128.load(at, 72)));
    }
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
  }
}

function four(t0: v128, t1: v128, t2: v128, t3: v128, x0: v128, x1: v128, x2: v128, x3: v128): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(t0, x0), f64x2.mul(t1, x1)), f64x2.add(f64x2.mul(t2, x2), f64x2.mul(t3, x3)));
}

/**
 * run[d] = product over days before d of exp(-scale given) and, where `factors` is not 0, of the factors; constant for `behind` numbers after the window.
 * @param given int32
 * @returns whether all products lie between the bounds
 */
export function survive(
  run: usize,
  given: usize,
  scale: f64,
  factors: usize,
  days: i32,
  behind: i32,
  least: f64,
  most: f64,
): bool {
  const scales = f64x2.splat(scale);
  for (let day = 0, at = run + 8; day < days; day += 2, at += 16) {
    const nats = f64x2.mul(integers(given + ((<usize>day) << 2)), scales);
    v128.store(at, overTables(nats) ? escapes(nats) : exponentials(nats));
  }
  store<f64>(run, 1);
  let product: f64 = 1;
  let low: f64 = 1;
  let high: f64 = 1;
  let at = run + 8;
  const end = at + ((<usize>days) << 3);
  for (; at < end; at += 8) {
    let factor = load<f64>(at);
    if (factors !== 0) {
      factor *= load<f64>(factors);
      factors += 8;
    }
    product *= factor;
    low = min(low, product);
    high = max(high, product);
    store<f64>(at, product);
  }
  fill(end, product, behind);
  return low > least && high < most;
}

/**
 * weight[d] = P(escape of all days before d) P(infection on d) incubate[d].
 * @param pressure int32: units of exposure
 * @param external,rate infection from outside, nat, and its probability, on each day
 * @param infected,passed 0, or factors of tests on being infected on a day, and on being in S and not in E on it
 * @param escape,caught memory for each day; then `escape[d]` is P(escape of all days up to d)
 * @returns the sum of the weights
 */
export function weigh(
  weight: usize,
  incubate: usize,
  pressure: usize,
  unit: f64,
  external: usize,
  rate: usize,
  infected: usize,
  passed: usize,
  escape: usize,
  caught: usize,
  days: i32,
): f64 {
  const one = f64x2.splat(1);
  const none = f64x2.splat(0);
  const units = f64x2.splat(unit);
  const bytes = (<usize>days) << 3;
  for (let at: usize = 0; at < bytes; at += 16) {
    const exposure = integers(pressure + (at >> 1));
    const nats = f64x2.add(v128.load(external + at), f64x2.mul(exposure, units));
    const outside = v128.load(rate + at);
    const k = steps(nats);
    const short = complements(rest(nats, k));
    const step = looked(AT_STEP, k);
    let p = f64x2.add(looked(BELOW_ONE, k), f64x2.mul(step, short));
    let q = f64x2.mul(step, f64x2.sub(one, short));
    if (overTables(nats)) {
      const over = f64x2.ge(nats, f64x2.splat(TABLE_END));
      q = v128.bitselect(escapes(nats), q, over);
      p = v128.bitselect(f64x2.sub(one, q), p, over);
    }
    const pressed = f64x2.ne(exposure, none);
    v128.store(caught + at, v128.bitselect(p, outside, pressed));
    v128.store(escape + at, v128.bitselect(q, f64x2.sub(one, outside), pressed));
  }
  let escaped: f64 = 1;
  let total: f64 = 0;
  for (let at: usize = 0; at < bytes; at += 8) {
    let each = escaped * load<f64>(caught + at) * load<f64>(incubate + at);
    if (infected !== 0) {
      each *= load<f64>(infected + at);
      escaped *= load<f64>(passed + at);
    }
    store<f64>(weight + at, each);
    total += each;
    escaped *= load<f64>(escape + at);
    store<f64>(escape + at, escaped);
  }
  return total;
}

/** out = 1 / x. */
export function invert(out: usize, x: usize, n: i32): void {
  const one = f64x2.splat(1);
  const end = out + ((<usize>n) << 3);
  for (; out < end; out += 16, x += 16) v128.store(out, f64x2.div(one, v128.load(x)));
}

/** out = a b / c. */
export function ratio(out: usize, a: usize, b: usize, c: usize, n: i32): void {
  const end = out + ((<usize>n) << 3);
  for (; out < end; out += 16, a += 16, b += 16, c += 16) {
    v128.store(out, f64x2.div(f64x2.mul(v128.load(a), v128.load(b)), v128.load(c)));
  }
}

/** out = a b. */
export function multiply(out: usize, a: usize, b: usize, n: i32): void {
  const end = out + ((<usize>n) << 3);
  for (; out < end; out += 16, a += 16, b += 16) v128.store(out, f64x2.mul(v128.load(a), v128.load(b)));
}

/** out += a b. */
export function multiplyAdd(out: usize, a: usize, b: usize, n: i32): void {
  const end = out + ((<usize>n) << 3);
  for (; out < end; out += 16, a += 16, b += 16) {
    v128.store(out, f64x2.add(v128.load(out), f64x2.mul(v128.load(a), v128.load(b))));
  }
}

/** out = x factor. */
export function scale(out: usize, x: usize, factor: f64, n: i32): void {
  const factors = f64x2.splat(factor);
  const end = out + ((<usize>n) << 3);
  for (; out < end; out += 16, x += 16) v128.store(out, f64x2.mul(v128.load(x), factors));
}

/** out = x / by; 0 where x is. */
export function divide(out: usize, x: usize, by: usize, n: i32): void {
  const none = f64x2.splat(0);
  const end = out + ((<usize>n) << 3);
  for (; out < end; out += 16, x += 16, by += 16) {
    const p = v128.load(x);
    v128.store(out, v128.and(f64x2.div(p, v128.load(by)), f64x2.ne(p, none)));
  }
}

/** n numbers, all `value`. */
export function fill(at: usize, value: f64, n: i32): void {
  const values = f64x2.splat(value);
  const end = at + ((<usize>n) << 3);
  for (; at < end; at += 16) v128.store(at, values);
}

/** Two int32 as float64. */
function integers(at: usize): v128 {
  return f64x2.convert_low_i32x4_s(v128.load64_zero(at));
}

function overTables(nats: v128): bool {
  return v128.any_true(f64x2.ge(nats, f64x2.splat(TABLE_END)));
}

/** exp(-nats), of which some may lie over the tables. */
function escapes(nats: v128): v128 {
  const first = f64x2.extract_lane(nats, 0);
  const second = f64x2.extract_lane(nats, 1);
  const within = exponentials(nats);
  const a = first >= TABLE_END ? exponential(first) : f64x2.extract_lane(within, 0);
  const b = second >= TABLE_END ? exponential(second) : f64x2.extract_lane(within, 1);
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}

/** exp(-nats) below the end of the tables; anything above. */
function exponentials(nats: v128): v128 {
  const k = steps(nats);
  return f64x2.mul(looked(AT_STEP, k), f64x2.sub(f64x2.splat(1), complements(rest(nats, k))));
}

/** int32: the nearest step of the tables, or their last. */
function steps(nats: v128): v128 {
  const within = f64x2.pmin(nats, f64x2.splat(TABLE_END));
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.add(f64x2.mul(within, f64x2.splat(STEPS)), f64x2.splat(0.5)));
}

/** What is left of numbers beside their steps. */
function rest(nats: v128, k: v128): v128 {
  return f64x2.sub(nats, f64x2.mul(f64x2.convert_low_i32x4_s(k), f64x2.splat(1 / STEPS)));
}

function looked(table: usize, k: v128): v128 {
  const first = v128.load64_zero(table + ((<usize>i32x4.extract_lane(k, 0)) << 3));
  return v128.load64_lane(table + ((<usize>i32x4.extract_lane(k, 1)) << 3), first, 1);
}

/** 1 - exp(-r) for |r| <= 1/128. */
function complements(r: v128): v128 {
  let sum = f64x2.sub(f64x2.splat(1 / 120.0), f64x2.mul(r, f64x2.splat(1 / 720.0)));
  sum = f64x2.sub(f64x2.splat(1 / 24.0), f64x2.mul(r, sum));
  sum = f64x2.sub(f64x2.splat(1 / 6.0), f64x2.mul(r, sum));
  sum = f64x2.sub(f64x2.splat(1 / 2.0), f64x2.mul(r, sum));
  return f64x2.mul(r, f64x2.sub(f64x2.splat(1), f64x2.mul(r, sum)));
}
