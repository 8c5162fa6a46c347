// The block update of one person's trajectory in C++: the same law, arrays and random numbers, no tests and constant infectivity. Reads a problem and the state
// of a chain that the bench wrote, sweeps on, and prints the CPU time of an update and a hash of where the chain came to, as JSON.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <utility>
#include <vector>

namespace {

struct Problem {
  uint32_t persons, days, class_bits, entries, classes, longest_exposed, longest_infectious;
  double unit, rate;
  std::vector<uint32_t> start, entry;
  std::vector<int32_t> units, returned;
  uint32_t seed, chain, sweep;
  std::vector<uint8_t> state;
  std::vector<double> exposed, infectious;
};

template <typename T>
void read(std::FILE* file, T* into, size_t count) {
  if (std::fread(into, sizeof(T), count, file) != count) std::exit(2);
}

template <typename T>
void read(std::FILE* file, std::vector<T>& into, size_t count) {
  into.resize(count);
  read(file, into.data(), count);
}

Problem read_problem(const char* name) {
  Problem p;
  std::FILE* file = std::fopen(name, "rb");
  if (!file) std::exit(2);
  read(file, &p.persons, 1);
  read(file, &p.days, 1);
  read(file, &p.class_bits, 1);
  read(file, &p.entries, 1);
  read(file, &p.classes, 1);
  read(file, &p.longest_exposed, 1);
  read(file, &p.longest_infectious, 1);
  read(file, &p.seed, 1);
  read(file, &p.chain, 1);
  read(file, &p.sweep, 1);
  read(file, &p.unit, 1);
  read(file, &p.rate, 1);
  read(file, p.exposed, p.longest_exposed + 1);
  read(file, p.infectious, p.longest_infectious + 1);
  read(file, p.units, p.classes);
  read(file, p.returned, p.classes);
  read(file, p.start, size_t(p.persons) * p.days + 1);
  read(file, p.entry, p.entries);
  read(file, p.state, size_t(p.persons) * 3);
  std::fclose(file);
  return p;
}

constexpr int kSteps = 64, kEnd = 16;
double at_step[kSteps * kEnd + 1], below_one[kSteps * kEnd + 1];

inline double short_complement(double r) {
  return r * (1 - r * (1.0 / 2 - r * (1.0 / 6 - r * (1.0 / 24 - r * (1.0 / 120 - r / 720)))));
}

inline double exp_negative(double x) {
  if (x >= kEnd) return std::exp(-x);
  const int k = int(x * kSteps + 0.5);
  return at_step[k] * (1 - short_complement(x - double(k) / kSteps));
}

inline double complement_of_exp(double x) {
  if (x >= kEnd) return -std::expm1(-x);
  const int k = int(x * kSteps + 0.5);
  return below_one[k] + at_step[k] * short_complement(x - double(k) / kSteps);
}

struct Words {
  uint32_t x, y;
  double first() const { return ((x >> 6) * 67108864.0 + (y >> 6) + 0.5) / 4503599627370496.0; }
};

inline double half(uint32_t word) { return (word + 0.5) / 4294967296.0; }

/** Threefry-2x32 with 20 rounds. */
inline Words threefry(uint32_t key0, uint32_t key1, uint32_t counter0, uint32_t counter1) {
  constexpr int rotations[8] = {13, 15, 26, 6, 17, 29, 16, 24};
  const uint32_t keys[3] = {key0, key1, 0x1bd11bda ^ key0 ^ key1};
  uint32_t x = counter0 + key0, y = counter1 + key1;
  for (uint32_t block = 1; block <= 5; block++) {
    for (int round = 0; round < 4; round++) {
      const int by = rotations[(block + 1) % 2 * 4 + round];
      x += y;
      y = ((y << by) | (y >> (32 - by))) ^ x;
    }
    x += keys[block % 3];
    y += keys[(block + 1) % 3] + block;
  }
  return {x, y};
}

inline void correlate(double* out, const double* x, const double* taps, int length, int n) {
  for (int i = 0; i < n; i += 4) {
    double a = 0, b = 0, c = 0, d = 0;
    const double* at = x + i;
    for (int m = 0; m < length; m += 4, at += 4) {
      const double t0 = taps[m], t1 = taps[m + 1], t2 = taps[m + 2], t3 = taps[m + 3];
      a += t0 * at[0] + t1 * at[1] + (t2 * at[2] + t3 * at[3]);
      b += t0 * at[1] + t1 * at[2] + (t2 * at[3] + t3 * at[4]);
      c += t0 * at[2] + t1 * at[3] + (t2 * at[4] + t3 * at[5]);
      d += t0 * at[3] + t1 * at[4] + (t2 * at[5] + t3 * at[6]);
    }
    out[i] = a;
    out[i + 1] = b;
    out[i + 2] = c;
    out[i + 3] = d;
  }
}

struct Taps {
  int first, length;
  std::vector<double> taps, reversed;
};

Taps taps_of(const std::vector<double>& share) {
  Taps t;
  t.first = 0;
  while (share[t.first] == 0) t.first++;
  const int count = int(share.size()) - t.first;
  t.length = (count + 3) / 4 * 4;
  t.taps.assign(t.length, 0);
  t.reversed.assign(t.length, 0);
  for (int m = 0; m < count; m++) {
    t.taps[m] = share[t.first + m];
    t.reversed[m] = share[share.size() - 1 - m];
  }
  return t;
}

class Chain {
 public:
  explicit Chain(const Problem& p)
      : p_(p),
        days_(int(p.days)),
        exposed_(p.persons, uint8_t(p.days)),
        infectious_(p.persons, uint8_t(p.days)),
        removed_(p.persons, uint8_t(p.days)),
        followed_(p.persons),
        followed_on_(size_t(p.persons) * p.days),
        pressure_(size_t(p.persons) * p.days),
        given_(size_t(p.persons) * p.days),
        in_e_(taps_of(p.exposed)),
        in_i_(taps_of(p.infectious)),
        front_(64),
        factor_(p.days, 1.0),
        run_(512),
        leave_(512),
        enter_(512),
        incubate_(512),
        weight_(512),
        shares_(512),
        sums_(512),
        entered_(512),
        key_(threefry(p.seed, 0, p.chain, 0)) {
    const uint32_t mask = (1u << p.class_bits) - 1;
    for (size_t cell = 0; cell < given_.size(); cell++)
      for (uint32_t k = p.start[cell]; k < p.start[cell + 1]; k++) given_[cell] += p.units[p.entry[k] & mask];
    for (uint32_t person = 0; person < p.persons; person++)
      set(person, p.state[person], p.state[p.persons + person], p.state[2 * p.persons + person]);
  }

  void sweep(uint32_t number, bool marginals, std::vector<float>& sums) {
    for (uint32_t person = 0; person < p_.persons; person++) update(number, person, marginals, sums);
  }

  uint32_t hash() const {
    uint32_t sum = 0;
    for (const auto* days : {&exposed_, &infectious_, &removed_})
      for (const uint8_t day : *days) sum = sum * 31 + day;
    return sum;
  }

 private:
  void update(uint32_t sweep, uint32_t person, bool marginals, std::vector<float>& sums) {
    std::fill(factor_.begin(), factor_.end(), 1.0);
    if (followed_[person] != 0) follow(person);
    const int32_t* given = &given_[size_t(person) * days_];
    double product = 1;
    run_[0] = 1;
    for (int day = 0; day < days_; day++) {
      product *= given[day] == 0 ? factor_[day] : exp_negative(given[day] * p_.unit) * factor_[day];
      run_[day + 1] = product;
    }
    std::fill(run_.begin() + days_ + 1, run_.begin() + days_ + 80, product);
    correlate(leave_.data(), run_.data() + in_i_.first, in_i_.taps.data(), in_i_.length, days_);
    for (int day = 0; day < days_; day++) enter_[day] = leave_[day] *= reach_[day] = 1 / run_[day];
    std::fill(enter_.begin() + days_, enter_.begin() + days_ + 80, 1.0);
    correlate(incubate_.data(), enter_.data() + in_e_.first, in_e_.taps.data(), in_e_.length, days_);
    const double external = -std::log1p(-p_.rate);
    const int32_t* pressure = &pressure_[size_t(person) * days_];
    double escaped = 1, total = 0;
    for (int day = 0; day < days_; day++) {
      double caught = p_.rate, escape = 1 - p_.rate;
      if (pressure[day] != 0) {
        const double nats = external + pressure[day] * p_.unit;
        caught = complement_of_exp(nats);
        escape = 1 - caught;
      }
      weight_[day] = escaped * caught * incubate_[day];
      total += weight_[day];
      escaped *= escape;
    }
    const double all = total + escaped;
    if (marginals) add_marginals(person, all, sums);
    const double first = threefry(key_.x, key_.y, person, sweep * 2).first() * all - escaped;
    if (first < 0) return set(person, days_, days_, days_);
    const Words words = threefry(key_.x, key_.y, person, sweep * 2 + 1);
    double left = first / total * total;
    int e = 0;
    while (e < days_ - 1 && (left -= weight_[e]) >= 0) e++;
    left = half(words.x) * incubate_[e];
    int d = in_e_.first;
    while (d < int(p_.longest_exposed) && (left -= p_.exposed[d] * enter_[e + d]) >= 0) d++;
    const int i = std::min(days_, e + d);
    if (i == days_) return set(person, e, i, days_);
    left = half(words.y) * leave_[i];
    d = in_i_.first;
    while (d < int(p_.longest_infectious) && (left -= p_.infectious[d] * reach_[i] * run_[i + d]) >= 0) d++;
    set(person, e, i, std::min(days_, i + d));
  }

  /** Looks for the contacts who are in E on the day after. */
  void follow(uint32_t person) {
    const uint32_t mask = (1u << p_.class_bits) - 1;
    int left = followed_[person];
    for (int day = 0; left > 0; day++) {
      const size_t cell = size_t(person) * days_ + day;
      int here = followed_on_[cell];
      left -= here;
      for (uint32_t k = p_.start[cell]; here > 0; k++) {
        const uint32_t other = p_.entry[k] >> p_.class_bits, kind = p_.entry[k] & mask;
        if (exposed_[other] != day + 1) continue;
        here--;
        if (p_.units[kind] != 0) infects(person, other, kind, day);
      }
    }
  }

  void infects(uint32_t person, uint32_t other, uint32_t kind, int day) {
    const bool own = day >= infectious_[person] && day < removed_[person];
    const int32_t without = pressure_[size_t(other) * days_ + day + 1] - (own ? p_.units[kind] : 0);
    const double others = -std::log1p(-p_.rate) + without * p_.unit;
    factor_[day] *= complement_of_exp(others + p_.units[kind] * p_.unit) / complement_of_exp(others);
  }

  void set(uint32_t person, int e, int i, int r) {
    const int e0 = exposed_[person], i0 = infectious_[person], r0 = removed_[person];
    if (e0 != e) receive(person, e0, e);
    exposed_[person] = uint8_t(e);
    infectious_[person] = uint8_t(i);
    removed_[person] = uint8_t(r);
    if (i0 == i && r0 == r) return;
    const uint32_t mask = (1u << p_.class_bits) - 1;
    const int from = r0 == i0 ? i : r == i ? i0 : std::min(i0, i);
    const int to = std::min(days_ - 1, r0 == i0 ? r : r == i ? r0 : std::max(r0, r));
    for (int day = from; day < to; day++) {
      const bool was = day >= i0 && day < r0, is = day >= i && day < r;
      if (was == is) continue;
      const size_t cell = size_t(person) * days_ + day;
      for (uint32_t k = p_.start[cell]; k < p_.start[cell + 1]; k++) {
        const int32_t units = p_.units[p_.entry[k] & mask];
        pressure_[size_t(p_.entry[k] >> p_.class_bits) * days_ + day + 1] += is ? units : -units;
      }
    }
  }

  /** What others give, and by whom they are followed, when a person is first in E on another day. */
  void receive(uint32_t person, int e0, int e) {
    const uint32_t mask = (1u << p_.class_bits) - 1;
    for (const auto& [day, change] : {std::pair(e0, -1), std::pair(e, 1)}) {
      if (day == 0 || day == days_) continue;
      const size_t cell = size_t(person) * days_ + day - 1;
      for (uint32_t k = p_.start[cell]; k < p_.start[cell + 1]; k++) {
        const uint32_t other = p_.entry[k] >> p_.class_bits;
        followed_[other] += change;
        followed_on_[size_t(other) * days_ + day - 1] += change;
      }
    }
    const int sign = e > e0 ? 1 : -1;
    for (int day = std::max(0, std::min(e0, e) - 1); day < std::max(e0, e) - 1; day++) {
      const size_t cell = size_t(person) * days_ + day;
      for (uint32_t k = p_.start[cell]; k < p_.start[cell + 1]; k++)
        given_[size_t(p_.entry[k] >> p_.class_bits) * days_ + day] += sign * p_.returned[p_.entry[k] & mask];
    }
  }

  void add_marginals(uint32_t person, double all, std::vector<float>& sums) {
    float* into = &sums[size_t(person) * 3 * days_];
    for (int day = 0; day < days_; day++) {
      const double share = weight_[day] / all;
      into[day] += float(share);
      shares_[front_ + day] = share == 0 ? 0 : share / incubate_[day];
    }
    correlate(sums_.data(), shares_.data() + front_ - p_.longest_exposed, in_e_.reversed.data(), in_e_.length, days_);
    for (int day = 0; day < days_; day++) {
      entered_[day] = sums_[day] * enter_[day];
      into[days_ + day] += float(entered_[day]);
    }
    for (int day = 0; day < days_; day++) shares_[front_ + day] = entered_[day] == 0 ? 0 : entered_[day] / leave_[day] * reach_[day];
    correlate(sums_.data(), shares_.data() + front_ - p_.longest_infectious, in_i_.reversed.data(), in_i_.length, days_);
    for (int day = 0; day < days_; day++) into[2 * days_ + day] += float(sums_[day] * run_[day]);
  }

  const Problem& p_;
  const int days_;
  std::vector<uint8_t> exposed_, infectious_, removed_;
  std::vector<int32_t> followed_;
  std::vector<uint8_t> followed_on_;
  std::vector<int32_t> pressure_, given_;
  const Taps in_e_, in_i_;
  const int front_;
  std::vector<double> factor_, run_, reach_ = std::vector<double>(512), leave_, enter_, incubate_, weight_, shares_, sums_, entered_;
  const Words key_;
};

double cpu_seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

}  // namespace

int main(int count, char** values) {
  if (count != 3) return 2;
  const Problem problem = read_problem(values[1]);
  const int sweeps = std::atoi(values[2]);
  for (int k = 0; k <= kSteps * kEnd; k++) {
    at_step[k] = std::exp(-double(k) / kSteps);
    below_one[k] = -std::expm1(-double(k) / kSteps);
  }
  std::vector<float> sums(size_t(problem.persons) * 3 * problem.days);
  std::printf("{");
  for (const bool marginals : {false, true}) {
    Chain chain(problem);
    std::vector<double> times;
    for (int k = 0; k < sweeps; k++) {
      const double before = cpu_seconds();
      chain.sweep(problem.sweep + k, marginals, sums);
      times.push_back((cpu_seconds() - before) / problem.persons * 1e6);
    }
    std::sort(times.begin(), times.end());
    std::printf("%s\"%s\": {\"least\": %.6g, \"median\": %.6g, \"hash\": %u}", marginals ? ", " : "",
                marginals ? "marginals" : "plain", times.front(), times[times.size() / 2], chain.hash());
  }
  std::printf("}\n");
}
