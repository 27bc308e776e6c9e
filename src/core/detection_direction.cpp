#include "core/detection_direction.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/linear_algebra.h"

namespace rolemix {
namespace {

/// +1 where the metric may rise, -1 where it may fall, 0 where it stays.
double ignored_sign(DetectionDirection direction) {
  switch (direction) {
    case DetectionDirection::kAbove:
      return 1;
    case DetectionDirection::kBelow:
      return -1;
    case DetectionDirection::kBoth:
      break;
  }
  return 0;
}

/// The moves of the metrics `moved` that bring a component's density to its maximum, the others
/// kept.
Vector best_moves(const Matrix& precision, const Vector& gradient,
                  const std::vector<Index>& moved) {
  const Matrix part = submatrix(precision, moved);
  const Matrix inverse = inverse_of_lower(cholesky(part).value_or(part));
  Vector moves(static_cast<Index>(moved.size()));
  for (Index i = 0; i < moves.size(); ++i) {
    moves[i] = -gradient[moved[i]];
  }
  return product(gram(inverse), moves);
}

/// Minimises the squared Mahalanobis distance from one component over moves to the allowed sides.
class Mover {
 public:
  Mover(const Matrix& precision, Vector offset, const std::vector<DetectionDirection>& directions)
      : precision_(precision),
        gradient_(product(precision, offset)),
        start_gradient_(gradient_),
        move_(Vector::Zero(offset.size())),
        squared_(offset.dot(gradient_)),
        directions_(directions) {}

  /// The moves (D) at the minimum.
  const Vector& solve() {
    // Each round frees one metric; none comes back more than a few times.
    const Index most = 3 * move_.size();
    for (Index round = 0; round < most && free_steepest(); ++round) {
      settle();
    }
    return move_;
  }

  /// The squared distance after the moves.
  double squared() const { return squared_ + move_.dot(start_gradient_ + gradient_); }

 private:
  double sign(Index d) const { return ignored_sign(directions_[d]); }

  /// Frees the metric along whose ignored side the distance falls most; false when none does.
  bool free_steepest() {
    Index steepest = -1;
    double slope = -1e-9;
    for (Index d = 0; d < move_.size(); ++d) {
      const double here = sign(d) * gradient_[d] / std::sqrt(precision_(d, d));
      if (here < slope && std::ranges::find(moved_, d) == moved_.end()) {
        slope = here;
        steepest = d;
      }
    }
    if (steepest >= 0) {
      moved_.push_back(steepest);
    }
    return steepest >= 0;
  }

  /// Goes to the minimum over the free metrics, binding those that would leave their side.
  void settle() {
    while (!moved_.empty()) {
      const Vector target = best_moves(precision_, start_gradient_, moved_);
      double step = 1;
      for (Index i = 0; i < target.size(); ++i) {
        const double now = sign(moved_[i]) * move_[moved_[i]];
        const double then = sign(moved_[i]) * target[i];
        if (then <= 0) {
          step = std::min(step, now / (now - then));
        }
      }
      std::vector<Index> kept;
      for (Index i = 0; i < target.size(); ++i) {
        double& move = move_[moved_[i]];
        move += step * (target[i] - move);
        if (step < 1 && sign(moved_[i]) * move <= 1e-12 * std::abs(target[i])) {
          move = 0;
        } else {
          kept.push_back(moved_[i]);
        }
      }
      moved_ = kept;
      if (step == 1) {
        break;
      }
    }
    gradient_ = start_gradient_ + product(precision_, move_);
  }

  const Matrix& precision_;
  Vector gradient_;  // half the gradient of the squared distance
  Vector start_gradient_;
  Vector move_;
  double squared_;
  const std::vector<DetectionDirection>& directions_;
  std::vector<Index> moved_;
};

}  // namespace

bool on_ignored_side(DetectionDirection direction, double value, double center) {
  return (direction == DetectionDirection::kAbove && value < center) ||
         (direction == DetectionDirection::kBelow && value > center);
}

Vector without_ignored_deviations(const GaussianMixture& mixture, const Vector& x,
                                  const std::vector<DetectionDirection>& directions) {
  double best = -std::numeric_limits<double>::infinity();
  Vector best_move = Vector::Zero(x.size());
  for (Index k = 0; k < mixture.components(); ++k) {
    if (mixture.log_peak(k) <= best) {
      continue;
    }
    Mover mover(mixture.precision(k), x - mixture.means().row(k).transpose(), directions);
    const Vector& move = mover.solve();
    const double log_density = mixture.log_peak(k) - 0.5 * mover.squared();
    if (log_density > best) {
      best = log_density;
      best_move = move;
    }
  }
  const Vector moved = x + best_move;
  return mixture.log_likelihood(moved) > mixture.log_likelihood(x) ? moved : x;
}

}  // namespace rolemix
