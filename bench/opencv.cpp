// Engine opencv: cv::ml::EM::predict2, which takes a row at a time.
#include <opencv2/core.hpp>
#include <opencv2/ml.hpp>

#include "engine.h"

namespace {

cv::Mat view(const rolemix::Matrix& matrix) {
  return {static_cast<int>(matrix.rows()), static_cast<int>(matrix.cols()), CV_64F,
          const_cast<double*>(matrix.data())};
}

/// A trained model can only be given parameters as a file.
cv::Ptr<cv::ml::EM> make_model(const rolemix::bench::Problem& problem) {
  cv::FileStorage file(".yml", cv::FileStorage::WRITE | cv::FileStorage::MEMORY);
  file << "em" << "{" << "training_params" << "{";
  file << "nclusters" << static_cast<int>(problem.means.rows()) << "cov_mat_type" << "generic";
  file << "iterations" << 1 << "epsilon" << 0.0 << "}";
  const rolemix::Matrix weights = problem.weights.transpose();
  file << "weights" << view(weights) << "means" << view(problem.means) << "covs" << "[";
  for (const rolemix::Matrix& covariance : problem.covariances) {
    file << view(covariance);
  }
  file << "]" << "}";
  return cv::Algorithm::loadFromString<cv::ml::EM>(file.releaseAndGetString(), "em");
}

}  // namespace

int main(int, char** arguments) {
  using namespace rolemix;
  cv::setNumThreads(1);
  const bench::Problem problem = bench::read_problem(arguments[1]);
  const cv::Ptr<cv::ml::EM> model = make_model(problem);
  const cv::Mat samples = view(problem.samples);
  bench::Engine engine;
  engine.score = [&](Index first, Index rows, double* out) {
    for (Index row = 0; row < rows; ++row) {
      out[row] = model->predict2(samples.row(static_cast<int>(first + row)), cv::noArray())[0];
    }
  };
  return bench::serve(problem, engine);
}
