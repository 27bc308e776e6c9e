// Engine armadillo: gmm_full::log_p over all rows at once.
#include <armadillo>

#include "engine.h"

int main(int, char** arguments) {
  using namespace rolemix;
  const bench::Problem problem = bench::read_problem(arguments[1]);
  const auto dimensions = static_cast<arma::uword>(problem.means.cols());
  const auto components = static_cast<arma::uword>(problem.means.rows());
  // Armadillo's columns are our rows.
  const arma::mat means(problem.means.data(), dimensions, components);
  arma::cube covariances(dimensions, dimensions, components);
  for (arma::uword k = 0; k < components; ++k) {
    covariances.slice(k) = arma::mat(problem.covariances[k].data(), dimensions, dimensions);
  }
  arma::gmm_full model;
  model.set_params(means, covariances, arma::rowvec(problem.weights.data(), components));
  bench::Engine engine;
  engine.score = [&](Index first, Index rows, double* out) {
    const arma::mat samples(const_cast<double*>(problem.samples.row(first).data()), dimensions,
                            static_cast<arma::uword>(rows), false, true);
    const arma::rowvec scores = model.log_p(samples);
    std::copy_n(scores.memptr(), rows, out);
  };
  return bench::serve(problem, engine);
}
