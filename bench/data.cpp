// Makes what the engines work on.
//   bench_data NAME D K ROWS FOLDER               a made-up role -> NAME.bin, NAME.rolemix
//   bench_data NAME MODEL METRICS ROWS FOLDER     a learned one, with the rows of METRICS
// Prints how many components share a row: with far-off components hardly any arithmetic is left.
#include <cmath>
#include <iostream>
#include <numbers>
#include <span>

#include "base/random.h"
#include "engine.h"
#include "model/model_file.h"
#include "model/units.h"
#include "problem.h"
#include "source/files.h"

namespace rolemix::bench {
namespace {

double normal(Random& random) {
  const double u = 1 - random.uniform();
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * random.uniform());
}

Vector normals(Random& random, Index count) {
  return Vector::NullaryExpr(count, [&] { return normal(random); });
}

/// Metrics driven by a few common causes, as load drives most of a host's; their correlations have
/// a condition number of about 1e3.
Matrix loadings(Random& random, Index dimensions) {
  const Index causes = dimensions / 4;
  Matrix factor(dimensions, causes + dimensions);
  for (Index d = 0; d < dimensions; ++d) {
    factor.row(d).head(causes) = normals(random, causes).transpose();
    factor.row(d).tail(dimensions).setZero();
    factor(d, causes + d) = 0.1 + 0.5 * random.uniform();
  }
  return factor;
}

/// States lie a few standard deviations apart, and differ in how wide they are.
Problem make_problem(Index dimensions, Index components, Index rows) {
  // Chosen so that states overlap about as much as those of a learned role.
  constexpr double kDistance = 4.8;
  constexpr double kDifference = 0.2;
  constexpr double kMeanStay = 60;  // rows
  Random random(1);
  Problem problem;
  const Matrix common = loadings(random, dimensions);
  std::vector<Matrix> factors;
  problem.weights = Vector::Constant(components, 1.0 / static_cast<double>(components));
  problem.means.resize(components, dimensions);
  for (Index k = 0; k < components; ++k) {
    const Vector widths = (kDifference * normals(random, common.cols())).array().exp();
    factors.emplace_back(common * widths.asDiagonal());
    problem.covariances.emplace_back(factors[k] * factors[k].transpose());
    const Vector direction = normals(random, common.cols()).normalized();
    problem.means.row(k) = (kDistance * (common * direction)).transpose();
  }
  problem.samples.resize(rows, dimensions);
  Index state = 0;
  for (Index row = 0; row < rows; ++row) {
    if (random.uniform() < 1 / kMeanStay) {
      state = static_cast<Index>(random.uniform() * static_cast<double>(components));
    }
    problem.samples.row(row) =
        problem.means.row(state) +
        (factors[state] * normals(random, factors[state].cols())).transpose();
  }
  return problem;
}

/// A model whose metrics are in model units already.
RoleModel make_model(const Problem& problem) {
  RoleModel model;
  model.role = "bench:made-up";
  for (Index d = 0; d < problem.means.cols(); ++d) {
    MetricSpec metric;
    metric.name = "m" + std::to_string(d);
    model.metrics.push_back(metric);
  }
  model.weights = problem.weights;
  model.means = problem.means;
  model.covariances = problem.covariances;
  model.calibration.not_ready_reason = "made up";
  return model;
}

/// The table's complete rows, over and over until there are `rows`.
Problem learned_problem(const RoleModel& model, const SampleTable& table, Index rows) {
  std::vector<std::string> names;
  for (const MetricSpec& metric : model.metrics) {
    names.push_back(metric.name);
  }
  std::vector<std::string> missing;
  const Matrix values = select_metrics(table, names, missing);
  std::vector<Index> complete;
  for (Index row = 0; row < values.rows(); ++row) {
    if (!values.row(row).hasNaN()) {
      complete.push_back(row);
    }
  }
  Problem problem = {model.weights, model.means, model.covariances, Matrix(rows, values.cols())};
  for (Index row = 0; row < rows; ++row) {
    const Index from = complete[static_cast<std::size_t>(row) % complete.size()];
    problem.samples.row(row) = to_model_units(model, values.row(from).transpose()).transpose();
  }
  return problem;
}

void print_overlap(const std::string& name, const Problem& problem) {
  const auto mixture = GaussianMixture::create(problem.weights, problem.means, problem.covariances);
  double visible = 0;
  double certain = 0;
  constexpr Index kRows = 5000;
  for (Index row = 0; row < kRows; ++row) {
    const Vector shares = mixture->responsibilities(problem.samples.row(row).transpose());
    visible += static_cast<double>((shares.array() > 1e-6).count());
    certain += shares.maxCoeff();
  }
  double condition = 0;
  for (const Matrix& covariance : problem.covariances) {
    const Vector scale = covariance.diagonal().cwiseSqrt().cwiseInverse();
    const Matrix correlation = scale.asDiagonal() * covariance * scale.asDiagonal();
    const Vector values = Eigen::SelfAdjointEigenSolver<Matrix>(correlation).eigenvalues();
    condition = std::max(condition, values[values.size() - 1] / values[0]);
  }
  std::cout << name << ": D=" << problem.means.cols() << " K=" << problem.means.rows()
            << ", components with responsibility > 1e-6 per row: " << visible / kRows
            << ", mean largest responsibility: " << certain / kRows
            << ", condition of correlations up to " << condition << '\n';
}

int run(std::span<char*> arguments) {
  const std::string name = arguments[1];
  const std::string second = arguments[2];
  const Index rows = std::stol(arguments[4]);
  const std::string folder = arguments[5];
  const bool made_up = second.find_first_not_of("0123456789") == std::string::npos;
  Problem problem;
  if (made_up) {
    problem = make_problem(std::stol(second), std::stol(arguments[3]), rows);
    std::ofstream(folder + "/" + name + ".rolemix", std::ios::binary)
        << write_model(make_model(problem));
  } else {
    const auto bytes = read_file(second);
    const auto table = read_tables({arguments[3]});
    if (!bytes || !table) {
      std::cerr << "expected a model and a table: " << second << ", " << arguments[3] << '\n';
      return 2;
    }
    const auto model =
        read_model({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
    problem = learned_problem(*model, *table, rows);
  }
  print_overlap(name, problem);
  write_numbers(folder + "/" + name + ".bin", to_numbers(problem));
  return 0;
}

}  // namespace
}  // namespace rolemix::bench

int main(int count, char** arguments) {
  return rolemix::bench::run({arguments, static_cast<std::size_t>(count)});
}
