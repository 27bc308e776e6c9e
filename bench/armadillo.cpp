// Engine armadillo: gmm_full::log_p over all rows at once; gmm_full::learn from existing
// parameters, without k-means.
#include <armadillo>

#include "engine.h"

namespace rolemix::bench {
namespace {

// Armadillo's columns are our rows.
arma::mat columns_of(const Problem& problem, Index first, Index rows) {
  return {const_cast<double*>(problem.samples.row(first).data()),
          static_cast<arma::uword>(problem.samples.cols()), static_cast<arma::uword>(rows), false,
          true};
}

arma::gmm_full model_of(const Problem& problem) {
  const auto dimensions = static_cast<arma::uword>(problem.means.cols());
  const auto components = static_cast<arma::uword>(problem.means.rows());
  const arma::mat means(problem.means.data(), dimensions, components);
  arma::cube covariances(dimensions, dimensions, components);
  for (arma::uword k = 0; k < components; ++k) {
    covariances.slice(k) = arma::mat(problem.covariances[k].data(), dimensions, dimensions);
  }
  arma::gmm_full model;
  model.set_params(means, covariances, arma::rowvec(problem.weights.data(), components));
  return model;
}

}  // namespace
}  // namespace rolemix::bench

int main(int, char** arguments) {
  using namespace rolemix;
  const bench::Problem problem = bench::read_problem(arguments[1]);
  const arma::gmm_full model = bench::model_of(problem);
  bench::Engine engine;
  engine.score = [&](Index first, Index rows, double* out) {
    const arma::rowvec scores = model.log_p(bench::columns_of(problem, first, rows));
    std::copy_n(scores.memptr(), rows, out);
  };
  engine.train = [&](const bench::Problem& start, Index rows, int iterations) {
    constexpr double kNoFloor = 1e-300;
    arma::gmm_full learned = bench::model_of(start);
    learned.learn(bench::columns_of(problem, 0, rows), learned.n_gaus(), arma::eucl_dist,
                  arma::keep_existing, 0, static_cast<arma::uword>(iterations), kNoFloor, false);
    std::vector<double> numbers(learned.hefts.begin(), learned.hefts.end());
    numbers.insert(numbers.end(), learned.means.begin(), learned.means.end());
    return numbers;
  };
  return bench::serve(problem, engine);
}
