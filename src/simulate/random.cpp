#include "simulate/random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rolemix::simulation {

double portable_exp(double x) {
  if (x < -700) return 0;
  x = std::min(x, 700.0);
  const double n = std::floor(x * std::numbers::log2e + 0.5);
  // ln 2 in two parts: n times the first is exact.
  constexpr double kLn2High = 0x1.62e42feep-1;  // NOLINT(modernize-use-std-numbers)
  constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
  const double r = (x - n * kLn2High) - n * kLn2Low;
  double sum = 1;
  for (int k = 14; k >= 1; --k) sum = 1 + sum * r / k;
  return std::ldexp(sum, static_cast<int>(n));
}

double portable_log(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < 0.70710678118654752) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1);
  double sum = 0;
  for (int k = 23; k >= 1; k -= 2) sum = sum * s * s + 1.0 / k;
  return exponent * std::numbers::ln2 + 2 * s * sum;
}

Variates::Variates(std::uint64_t seed, Stream stream, std::int64_t index)
    : random_(Random(Random(Random(seed).next() + static_cast<std::uint64_t>(stream)).next() +
                     static_cast<std::uint64_t>(index))
                  .next()) {}

double Variates::uniform(double low, double high) { return low + (high - low) * uniform(); }

double Variates::normal() {
  for (;;) {
    const double u = 2 * uniform() - 1;
    const double v = 2 * uniform() - 1;
    const double q = u * u + v * v;
    if (q > 0 && q < 1) return u * std::sqrt(-2 * portable_log(q) / q);
  }
}

double Variates::exponential() { return -portable_log(1 - uniform()); }

int Variates::poisson(double mean) {
  if (mean > 40) {
    const double rounded = std::floor(mean + std::sqrt(mean) * normal() + 0.5);
    return static_cast<int>(std::max(0.0, rounded));
  }
  const double limit = portable_exp(-mean);
  int count = 0;
  for (double product = uniform(); product > limit; product *= uniform()) ++count;
  return count;
}

Wander::Wander(double deviation, double time_constant, double step, Variates& random)
    : decay_(portable_exp(-step / time_constant)),
      kick_(deviation * std::sqrt(1 - decay_ * decay_)),
      value_(deviation * random.normal()) {}

double approach(double step, double time_constant) {
  return 1 - portable_exp(-step / time_constant);
}

double smooth_step(double x) {
  const double clamped = std::clamp(x, 0.0, 1.0);
  return clamped * clamped * (3 - 2 * clamped);
}

}  // namespace rolemix::simulation
