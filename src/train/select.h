// The number of components: as many as the role has states that are told apart, recur, and explain
// what else would be unusual.
#ifndef ROLEMIX_TRAIN_SELECT_H_
#define ROLEMIX_TRAIN_SELECT_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "base/matrix.h"
#include "train/em.h"

namespace rolemix {

/// Components that overlap are one state: several widths or a bend of it.
struct States {
  std::vector<int> of_component;  ///< (K) number of the state; -1 for one with less than 1 % of all
  int count = 0;
};

/// Two components are apart where the means of the projection that tells them apart best differ by
/// 4.4 of its standard deviations or more (Ashman, Bird & Zepf 1994, eq. 1, along Fisher's
/// discriminant).
States separate_states(const MixtureFit& fit);

/// A row's host and day.
struct HostDay {
  std::int32_t host = 0;
  std::int64_t day = 0;
  bool operator<(const HostDay& other) const {
    return host != other.host ? host < other.host : day < other.day;
  }
};

/// By component, whether it takes half a percent of the rows or more on half of the host-days and
/// in half of the hosts: what does not is an incident, or too rare to be learned. samples (N, D),
/// NaN = missing; host_days (N). Empty when the fit is no mixture.
std::vector<bool> recurring_components(const MatrixRef& samples,
                                       const std::vector<HostDay>& host_days,
                                       const MixtureFit& fit);

/// A fit and the rows that it was fitted to.
struct FittedRows {
  MixtureFit fit;
  std::vector<Index> rows;
};

/// Components become ordered by weight, heaviest first.
void order_by_weight(MixtureFit& fit);

/// Forgets the components that are false, and the rows that come from them. samples (N, D) in model
/// units, NaN = missing.
void keep_components(const MatrixRef& samples, const std::vector<bool>& kept, FittedRows& fitted);

/// One number of components that was tried.
struct Candidate {
  int components = 0;
  int states = 0;     ///< that are told apart
  int recurring = 0;  ///< of these, on most days and hosts; 0 where it was not needed
  int kept = 0;       ///< components that were not left out; 0 where none was
  double objective =
      std::numeric_limits<double>::quiet_NaN();  ///< of EM: mean log likelihood, nats
  /// alert_score that three successive held-out samples reach in four of five host-days; NaN where
  /// it was not needed.
  double usual_peak = std::numeric_limits<double>::quiet_NaN();
  bool chosen = false;
};

struct Selection {
  FittedRows fitted;  ///< the chosen one
  std::vector<Candidate> candidates;
};

/// What choosing asks for.
struct SelectionSteps {
  std::function<FittedRows(int components)> start;  ///< parameters to begin with, and all rows
  std::function<FittedRows(FittedRows)> fit;        ///< from such parameters, to such rows
  std::function<std::vector<bool>(const FittedRows&)> recurring;  ///< by component
  /// To begin with again, without the components that are false and the rows that come from them.
  std::function<FittedRows(FittedRows, const std::vector<bool>& components)> keep;
  std::function<double(const FittedRows&)> usual_peak;
};

/// Begins with `least` components and takes more, up to `most`, where they make more states that
/// recur and the usual peak falls by 0.65 or more. Components that do not recur are left out,
/// with their rows, where they hold a tenth of all or less: an incident in the history must not
/// become a state, nor hide one. What was best is then compared without these rows as well. Ends
/// after three candidates in a row did not help.
Selection select_components(int least, int most, const SelectionSteps& steps);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_SELECT_H_
