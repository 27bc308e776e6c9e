// Random variates that are the same on every platform, by an exp and a log of our own.
#ifndef ROLEMIX_SIMULATE_RANDOM_H_
#define ROLEMIX_SIMULATE_RANDOM_H_

#include <cstdint>

#include "base/random.h"

namespace rolemix::simulation {

/// e^x from correctly rounded operations only, within a few units in the last place.
double portable_exp(double x);

/// The natural logarithm of x > 0, in the same way.
double portable_log(double x);

/// What a stream of random numbers is for.
enum class Stream : std::uint64_t {
  kHost,
  kHour,
  kDay,
  kDeploy,
  kDemand,
  kSchedule,
  kPlan,
  kSpike,
  kIncident,
  kBalance,
  kServer,
  kEvents,
  kAgent,
  kDirt,
};

/// Draws of one stream; streams of a seed that differ in purpose or index are independent.
class Variates {
 public:
  Variates(std::uint64_t seed, Stream stream, std::int64_t index = 0);

  std::uint64_t bits() { return random_.next(); }
  double uniform() { return random_.uniform(); }  ///< in [0, 1)
  double uniform(double low, double high);
  double normal();       ///< standard normal (Marsaglia's polar method)
  double exponential();  ///< of mean 1
  int poisson(double mean);

 private:
  Random random_;
};

/// A stationary first-order autoregression around 0 with the given standard deviation.
class Wander {
 public:
  Wander(double deviation, double time_constant, double step, Variates& random);

  double next(Variates& random) { return value_ = decay_ * value_ + kick_ * random.normal(); }

 private:
  double decay_;
  double kick_;
  double value_;
};

/// Share of the way to a target that one step goes, for an exponential approach.
double approach(double step, double time_constant);

/// 0 below 0, 1 above 1, smooth between.
double smooth_step(double x);

}  // namespace rolemix::simulation

#endif  // ROLEMIX_SIMULATE_RANDOM_H_
