// The block update of one person's trajectory in C++: the same law, the same shape of arrays, no tests and constant infectivity. Reads a
// problem that the bench wrote, sweeps, and prints the CPU time of an update as JSON.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

struct Problem {
  uint32_t persons, days, class_bits, entries, classes, longest_exposed, longest_infectious;
  double unit, rate;
  std::vector<uint32_t> start, entry;
  std::vector<int32_t> units;
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
  uint32_t padding;
  read(file, &padding, 1);
  read(file, &p.unit, 1);
  read(file, &p.rate, 1);
  read(file, p.exposed, p.longest_exposed + 1);
  read(file, p.infectious, p.longest_infectious + 1);
  read(file, p.units, p.classes);
  read(file, p.start, size_t(p.persons) * p.days + 1);
  read(file, p.entry, p.entries);
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

struct Uniforms {
  uint64_t state;
  double next() {
    state += 0x9e3779b97f4a7c15ull;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return (double((z ^ (z >> 31)) >> 12) + 0.5) / 4503599627370496.0;
  }
};

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
        pressure_(size_t(p.persons) * p.days),
        in_e_(taps_of(p.exposed)),
        in_i_(taps_of(p.infectious)),
        front_(64),
        given_(p.days),
        factor_(p.days, 1.0),
        run_(512),
        leave_(512),
        enter_(512),
        incubate_(512),
        weight_(512),
        shares_(512),
        sums_(512),
        entered_(512) {}

  void sweep(bool marginals, std::vector<float>& sums) {
    for (uint32_t person = 0; person < p_.persons; person++) update(person, marginals, sums);
  }

  void scatter() {
    for (uint32_t person = 0; person < p_.persons; person++) {
      if (uniforms_.next() >= 0.2) continue;
      const int from = int(uniforms_.next() * days_);
      const int until = std::min(days_, from + 5);
      set(person, from, until, std::min(days_, until + 20));
    }
  }

  double infected() const {
    return double(std::count_if(exposed_.begin(), exposed_.end(), [&](uint8_t e) { return e < days_; })) / p_.persons;
  }

 private:
  void update(uint32_t person, bool marginals, std::vector<float>& sums) {
    walk(person);
    double product = 1;
    run_[0] = 1;
    for (int day = 0; day < days_; day++) {
      product *= given_[day] == 0 ? factor_[day] : exp_negative(given_[day] * p_.unit) * factor_[day];
      run_[day + 1] = product;
    }
    std::fill(run_.begin() + days_ + 1, run_.begin() + days_ + 80, product);
    correlate(leave_.data(), run_.data() + in_i_.first, in_i_.taps.data(), in_i_.length, days_);
    for (int day = 0; day < days_; day++) enter_[day] = leave_[day] /= run_[day];
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
    double left = uniforms_.next() * all - escaped;
    if (left < 0) return set(person, days_, days_, days_);
    int e = 0;
    while (e < days_ - 1 && (left -= weight_[e]) >= 0) e++;
    left = uniforms_.next() * incubate_[e];
    int d = in_e_.first;
    while (d < int(p_.longest_exposed) && (left -= p_.exposed[d] * enter_[e + d]) >= 0) d++;
    const int i = std::min(days_, e + d);
    if (i == days_) return set(person, e, i, days_);
    left = uniforms_.next() * leave_[i] * run_[i];
    d = in_i_.first;
    while (d < int(p_.longest_infectious) && (left -= p_.infectious[d] * run_[i + d]) >= 0) d++;
    set(person, e, i, std::min(days_, i + d));
  }

  void walk(uint32_t person) {
    std::fill(factor_.begin(), factor_.end(), 1.0);
    const uint32_t mask = (1u << p_.class_bits) - 1;
    size_t cell = size_t(person) * days_;
    uint32_t k = p_.start[cell];
    for (int day = 0; day < days_ - 1; day++) {
      const uint32_t end = p_.start[++cell];
      int32_t sum = 0;
      for (; k < end; k++) {
        const uint32_t other = p_.entry[k] >> p_.class_bits, kind = p_.entry[k] & mask;
        const int left = day - exposed_[other] + 1;
        sum += p_.units[kind] & (left >> 31);
        if (left == 0 && kind != 0) infects(person, other, kind, day);
      }
      given_[day] = sum;
    }
  }

  void infects(uint32_t person, uint32_t other, uint32_t kind, int day) {
    const bool own = day >= infectious_[person] && day < removed_[person];
    const int32_t without = pressure_[size_t(other) * days_ + day + 1] - (own ? p_.units[kind] : 0);
    const double others = -std::log1p(-p_.rate) + without * p_.unit;
    factor_[day] *= complement_of_exp(others + p_.units[kind] * p_.unit) / complement_of_exp(others);
  }

  void set(uint32_t person, int e, int i, int r) {
    const int i0 = infectious_[person], r0 = removed_[person];
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
    for (int day = 0; day < days_; day++) shares_[front_ + day] = entered_[day] == 0 ? 0 : entered_[day] / leave_[day] / run_[day];
    correlate(sums_.data(), shares_.data() + front_ - p_.longest_infectious, in_i_.reversed.data(), in_i_.length, days_);
    for (int day = 0; day < days_; day++) into[2 * days_ + day] += float(sums_[day] * run_[day]);
  }

  const Problem& p_;
  const int days_;
  std::vector<uint8_t> exposed_, infectious_, removed_;
  std::vector<int32_t> pressure_;
  const Taps in_e_, in_i_;
  const int front_;
  std::vector<int32_t> given_;
  std::vector<double> factor_, run_, leave_, enter_, incubate_, weight_, shares_, sums_, entered_;
  Uniforms uniforms_{1};
};

double cpu_seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

}  // namespace

int main(int count, char** values) {
  if (count != 4) return 2;
  const Problem problem = read_problem(values[1]);
  const int warm = std::atoi(values[2]), sweeps = std::atoi(values[3]);
  for (int k = 0; k <= kSteps * kEnd; k++) {
    at_step[k] = std::exp(-double(k) / kSteps);
    below_one[k] = -std::expm1(-double(k) / kSteps);
  }
  std::vector<float> sums(size_t(problem.persons) * 3 * problem.days);
  std::printf("{");
  for (const bool marginals : {false, true}) {
    Chain chain(problem);
    chain.scatter();
    for (int k = 0; k < warm; k++) chain.sweep(marginals, sums);
    std::vector<double> times;
    for (int k = 0; k < sweeps; k++) {
      const double before = cpu_seconds();
      chain.sweep(marginals, sums);
      times.push_back((cpu_seconds() - before) / problem.persons * 1e6);
    }
    std::sort(times.begin(), times.end());
    std::printf("%s\"%s\": {\"least\": %.6g, \"median\": %.6g, \"infected\": %.6g}", marginals ? ", " : "",
                marginals ? "marginals" : "plain", times.front(), times[times.size() / 2], chain.infected());
  }
  std::printf("}\n");
}
