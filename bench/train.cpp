// Engine rolemix-native of training: PROBLEM [without-prior]; then it is plain maximum likelihood,
// as the peers do it.
#include <limits>

#include "engine.h"
#include "train/em.h"

int main(int count, char** arguments) {
  using namespace rolemix;
  const bench::Problem problem = bench::read_problem(arguments[1]);
  EmOptions options;
  options.tolerance = -std::numeric_limits<double>::infinity();
  options.clip = count == 2;
  bench::Engine engine;
  engine.train = [&](const bench::Problem& start, Index rows, int iterations) {
    MixtureFit fit;
    fit.weights = start.weights;
    fit.means = start.means;
    fit.covariances = fit.unclipped_covariances = start.covariances;
    options.max_iterations = iterations;
    run_em(problem.samples.topRows(rows), options, fit);
    std::vector<double> numbers(fit.weights.begin(), fit.weights.end());
    numbers.insert(numbers.end(), fit.means.data(), fit.means.data() + fit.means.size());
    return numbers;
  };
  return bench::serve(problem, engine);
}
