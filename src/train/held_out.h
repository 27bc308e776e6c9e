// Scores of time that the fit did not see.
#ifndef ROLEMIX_TRAIN_HELD_OUT_H_
#define ROLEMIX_TRAIN_HELD_OUT_H_

#include <string>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "model/role_model.h"
#include "train/calibrate.h"
#include "train/em.h"
#include "train/training_rows.h"

namespace rolemix {

/// The error of a fit that is degenerate.
std::unexpected<Error> degenerate_fit();

/// The model's mixture becomes the fit.
void set_mixture(const MixtureFit& fit, RoleModel& model);

/// By host, the scores of every time as alert_scores take them: each of four blocks of a host's
/// time is scored by a fit that did not see it. Hosts are not held out: with a quarter of them gone
/// as well, severity promised two to ten times too few alerts on simulated clean roles.
///
/// samples and shifts (N, D) as center() leaves them; fitted: the rows to learn from; `model` gives
/// the metrics, `start` the parameters to begin with; `step` is what progress is told. Errors:
/// those of Scorer::create.
Result<std::vector<HeldOutSeries>> held_out_scores(const Matrix& samples, const Matrix& shifts,
                                                   const TrainingRows& rows,
                                                   const std::vector<Index>& fitted,
                                                   const RoleModel& model, const MixtureFit& start,
                                                   const std::string& step,
                                                   const Progress& progress);

}  // namespace rolemix

#endif  // ROLEMIX_TRAIN_HELD_OUT_H_
