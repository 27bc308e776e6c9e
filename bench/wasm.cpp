// The kernel alone as a WebAssembly program, for the engines rolemix-wasm-*.
#include <emscripten.h>

#include <cstddef>

#include "kernel/kernel.h"
#include "peak.h"
#include "problem.h"

namespace {

struct Loaded {
  explicit Loaded(const rolemix::bench::Problem& problem)
      : samples(problem.samples),
        kernel(*rolemix::GaussianMixture::create(problem.weights, problem.means,
                                                 problem.covariances)) {
    kernel.set_whitening(rolemix::bench::any_whitening(problem));
  }

  rolemix::Matrix samples;
  rolemix::Kernel kernel;
  rolemix::BatchScores scores;
  rolemix::BatchExplanations explained;
};

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE Loaded* load(const double* numbers) {
  return new Loaded(rolemix::bench::from_numbers(numbers));
}

/// (N) log likelihoods.
EMSCRIPTEN_KEEPALIVE const double* score(Loaded* loaded, int first, int rows) {
  loaded->kernel.score(loaded->samples.row(first).data(), rows, rolemix::Responsibilities::kLeftOut,
                       loaded->scores);
  return loaded->scores.log_likelihood.data();
}

EMSCRIPTEN_KEEPALIVE void explain(Loaded* loaded, int first, int rows) {
  loaded->kernel.surprises(loaded->samples.row(first).data(), rows, loaded->explained);
}

EMSCRIPTEN_KEEPALIVE void quantiles(Loaded* loaded, int first, int rows) {
  loaded->kernel.explain(loaded->samples.row(first).data(), nullptr, rows, loaded->explained);
}

/// Of the rows explained last mean, variance or log surprise (part 0, 1, 2), (D, N).
EMSCRIPTEN_KEEPALIVE const double* explanations(const Loaded* loaded, int part) {
  return loaded->explained.fields[part].data();
}

/// Operations done; numbers has room for three.
EMSCRIPTEN_KEEPALIVE double peak(int rounds, double* numbers) {
  return rolemix::bench::peak_work(rounds, numbers);
}
}
