#include "train/k_means.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/random.h"

namespace rolemix {
namespace {

constexpr int kSeedings = 3;
constexpr int kLloydIterations = 8;
constexpr Index kTogether = 256;  // points whose distances are found side by side

/// As the rows of each metric, so that points stand side by side in vectors.
struct Points {
  const Matrix& rows;
  Matrix columns;  // (D, N)

  explicit Points(const Matrix& points) : rows(points), columns(points.transpose()) {}
};

/// Squared distances to a centre (D) of the points that begin with `first`.
void find_distances(const Points& points, Index first, Index count, const double* centre,
                    double* distances) {
  std::fill_n(distances, count, 0.0);
  for (Index d = 0; d < points.columns.rows(); ++d) {
    const double* values = &points.columns(d, first);
    for (Index i = 0; i < count; ++i) {
      const double apart = values[i] - centre[d];
      distances[i] += apart * apart;
    }
  }
}

/// Calls with the first point and their number.
template <typename Work>
void for_each_block(const Points& points, const Work& work) {
  for (Index first = 0; first < points.rows.rows(); first += kTogether) {
    work(first, std::min(kTogether, points.rows.rows() - first));
  }
}

Index drawn(const Vector& weights, Random& random) {
  double target = random.uniform() * weights.sum();
  Index chosen = 0;
  while (chosen + 1 < weights.size() && (target -= weights[chosen]) >= 0) {
    ++chosen;
  }
  return chosen;
}

Matrix seed_centres(const Points& points, int clusters, Random& random) {
  Matrix centres(clusters, points.rows.cols());
  Vector nearest = Vector::Ones(points.rows.rows());
  std::array<double, kTogether> distances;
  for (Index k = 0; k < clusters; ++k) {
    centres.row(k) = points.rows.row(drawn(nearest, random));
    for_each_block(points, [&](Index first, Index count) {
      find_distances(points, first, count, &centres(k, 0), distances.data());
      for (Index i = 0; i < count; ++i) {
        double& so_far = nearest[first + i];
        so_far = k == 0 ? distances[i] : std::min(so_far, distances[i]);
      }
    });
  }
  return centres;
}

/// Moves the centres to the means of the points that are nearest to them. Returns the inertia
/// before that.
double move_centres(const Points& points, Matrix& centres) {
  Matrix sums = Matrix::Zero(centres.rows(), centres.cols());
  Vector counts = Vector::Zero(centres.rows());
  double inertia = 0;
  std::array<double, kTogether> distances;
  std::array<double, kTogether> least;
  std::array<Index, kTogether> nearest;
  for_each_block(points, [&](Index first, Index count) {
    least.fill(std::numeric_limits<double>::infinity());
    for (Index k = 0; k < centres.rows(); ++k) {
      find_distances(points, first, count, &centres(k, 0), distances.data());
      for (Index i = 0; i < count; ++i) {
        nearest[i] = k > 0 && !(distances[i] < least[i]) ? nearest[i] : k;
        least[i] = std::min(least[i], distances[i]);
      }
    }
    for (Index i = 0; i < count; ++i) {
      inertia += least[i];
      sums.row(nearest[i]) += points.rows.row(first + i);
      counts[nearest[i]] += 1;
    }
  });
  for (Index k = 0; k < centres.rows(); ++k) {
    if (counts[k] > 0) {
      centres.row(k) = sums.row(k) / counts[k];
    }
  }
  return inertia;
}

}  // namespace

Clusters k_means(const Matrix& points, int clusters, std::uint64_t seed) {
  const Points prepared(points);
  Clusters best{.centres = {}, .inertia = std::numeric_limits<double>::infinity()};
  for (int seeding = 0; seeding < kSeedings; ++seeding) {
    Random random(seed + 1000003ULL * static_cast<std::uint64_t>(seeding));
    Clusters found{.centres = seed_centres(prepared, clusters, random),
                   .inertia = std::numeric_limits<double>::infinity()};
    double before = 0;
    for (int i = 0; i < kLloydIterations && found.inertia != before; ++i) {
      before = found.inertia;
      found.inertia = move_centres(prepared, found.centres);
    }
    if (seeding == 0 || found.inertia < best.inertia) {
      best = std::move(found);
    }
  }
  return best;
}

}  // namespace rolemix
