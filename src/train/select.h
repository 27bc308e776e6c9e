// The number of components: as many as the role has states that are told apart, recur, and explain
// what else would be unusual.
#ifndef ROLEMIX_TRAIN_SELECT_H_
#define ROLEMIX_TRAIN_SELECT_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "matrix.h"
#include "train/em.h"

namespace rolemix {

/// Components that overlap are one state: several widths or a bend of it.
struct States {
  std::vector<int> of_component;  ///< (K) number of the state; -1 for one with less than 1 % of all
  int count = 0;
};

/// Two components are apart where the means of the projection that tells them apart best differ by
/// 4.75 of its standard deviations or more (Ashman, Bird & Zepf 1994, eq. 1, along Fisher's
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

/// Whether every state takes half a percent of the rows or more on half of the host-days and in
/// half of the hosts. samples (N, D) without NaN; host_days (N).
bool states_recur(const MatrixRef& samples, const std::vector<HostDay>& host_days,
                  const MixtureFit& fit, const States& states);

/// One number of components that was tried.
struct Candidate {
  int components = 0;
  int states = 0;
  double objective =
      std::numeric_limits<double>::quiet_NaN();  ///< of EM: mean log likelihood, nats
  bool recurs = true;
  /// alert_score that three successive held-out samples reach once in two host-days; NaN where it
  /// was not needed.
  double usual_peak = std::numeric_limits<double>::quiet_NaN();
};

struct Selection {
  MixtureFit fit;  ///< the chosen one
  std::vector<Candidate> candidates;
};

/// What choosing asks for; a fit's parameters go in and out.
struct SelectionSteps {
  std::function<MixtureFit(int components)> fit;
  std::function<bool(const MixtureFit&, const States&)> recurs;
  std::function<double(const MixtureFit&)> usual_peak;
};

/// Begins with `least` components and takes more, up to `most`, where they make more states, all of
/// which recur, and the usual peak falls by 0.6 or more. Ends after two candidates in a row did
/// not.
Selection select_components(int least, int most, const SelectionSteps& steps);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_SELECT_H_
