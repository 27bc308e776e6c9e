// The kernel alone as a WebAssembly program, for the engines rolemix-wasm-*.
#include <emscripten.h>

#include <cstddef>

#include "chunks.h"
#include "core/kernel.h"
#include "peak.h"
#include "problem.h"

namespace {

struct Loaded {
  explicit Loaded(const rolemix::bench::Problem& problem)
      : samples(problem.samples),
        chunks(rolemix::bench::split(samples)),
        kernel(*rolemix::GaussianMixture::create(problem.weights, problem.means,
                                                 problem.covariances)) {}

  rolemix::Matrix samples;
  std::vector<rolemix::Matrix> chunks;
  rolemix::Kernel kernel;
  rolemix::Vector likelihoods;
  rolemix::BatchConditionals explained;
};

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE Loaded* load(const double* numbers) {
  return new Loaded(rolemix::bench::from_numbers(numbers));
}

/// (N) log likelihoods.
EMSCRIPTEN_KEEPALIVE const double* score(Loaded* loaded, int first, int rows) {
  loaded->kernel.score(loaded->samples.row(first).data(), rows, loaded->likelihoods);
  return loaded->likelihoods.data();
}

EMSCRIPTEN_KEEPALIVE double explain(const Loaded* loaded, int first, int rows) {
  return rolemix::bench::explain_chunks(loaded->kernel, loaded->chunks, first, rows);
}

/// Mean, variance and surprise (part 0, 1, 2), (D, N).
EMSCRIPTEN_KEEPALIVE const double* explanations(Loaded* loaded, int rows, int part) {
  loaded->explained = loaded->kernel.explain(loaded->samples.topRows(rows));
  const rolemix::Matrix* parts[] = {&loaded->explained.mean, &loaded->explained.variance,
                                    &loaded->explained.surprise};
  return parts[part]->data();
}

/// Operations done; numbers has room for three.
EMSCRIPTEN_KEEPALIVE double peak(int rounds, double* numbers) {
  return rolemix::bench::peak_work(rounds, numbers);
}
}
