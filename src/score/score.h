// Samples -> anomaly_score -> alert_score -> severity.
#ifndef ROLEMIX_SCORE_SCORE_H_
#define ROLEMIX_SCORE_SCORE_H_

#include <limits>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "kernel/kernel.h"
#include "mixture/mixture.h"
#include "model/role_model.h"
#include "samples/samples.h"
#include "score/score_memory.h"

namespace rolemix {

/// One sample, scored on its own.
struct SampleScore {
  double anomaly_score = 0;    ///< nats; NaN when every metric is missing
  double completed_score = 0;  ///< anomaly_score plus the expected surprise of what is missing:
                               ///< comparable between samples with different gaps
  int state = -1;              ///< most responsible component; -1 when every metric is missing
};

/// The same of N samples.
struct SampleScores {
  Vector anomaly_score;
  Vector completed_score;
  std::vector<int> state;
};

/// Scores samples with a model's mixture. Keeps the kernel of one marginal mixture for each pattern
/// of missing metrics seen.
class Scorer {
 public:
  /// Errors: those of validated_mixture.
  static Result<Scorer> create(const RoleModel& model,
                               InstructionSet set = instruction_sets().back());

  /// values (N, D) in the metrics' own units, in the model's order; NaN = missing.
  SampleScores score_rows(const MatrixRef& values);

  /// The same of one sample, values (D).
  SampleScore score(const VectorRef& values);

  /// score_rows of samples (N, D) in model units.
  SampleScores score_samples(const MatrixRef& samples);

  /// The mixture of some of the metrics: of those that were measured.
  struct Observed {
    std::vector<Index> dimensions;
    Kernel kernel;
    std::vector<DetectionDirection> directions;
    Vector missing_surprise;            ///< (K) ½ log |2πe Σ_k,missing|observed|, nats
    std::vector<Index> missing;         ///< the other metrics
    bool watched_on_both_sides = true;  ///< all directions are kBoth
    std::vector<GaussianMixture::Regression>
        regressions;  ///< (K) of these; made by predict_missing

    const GaussianMixture& mixture() const { return kernel.mixture(); }
  };

  /// Samples of which the same metrics were measured, n rows in model units.
  struct Group {
    Observed* part;
    std::vector<Index> rows;  ///< (n) which they are
    Matrix observed;          ///< (n, part->dimensions)
    Matrix scored;            ///< the same after the detection direction
  };

  /// samples as for score_samples. Those without any measured metric are in no group. Valid until
  /// the next call.
  std::vector<Group> groups(const MatrixRef& samples);

  /// The missing metric part.missing[i] given observed ones, (part.dimensions), which make the
  /// components this probable, (K).
  UnivariateMixture predict_missing(Observed& part, Index i, const VectorRef& scored,
                                    const VectorRef& responsibilities) const;

  const RoleModel& model() const { return model_; }
  const GaussianMixture& mixture() const { return complete_.mixture(); }

 private:
  Scorer(RoleModel model, const GaussianMixture& mixture, InstructionSet set);
  Observed part_of(const std::vector<Index>& dimensions, GaussianMixture mixture) const;
  Observed& observed(const std::vector<Index>& dimensions);
  void score_complete(const MatrixRef& samples, Index first, Index end, SampleScores& scores,
                      std::vector<Index>& others) const;
  void score_others(const MatrixRef& samples, const std::vector<Index>& rows, SampleScores& scores);
  Group make_group(Observed& part, const MatrixRef& samples, std::vector<Index> rows) const;

  RoleModel model_;
  InstructionSet set_;
  Observed complete_;
  std::vector<std::unique_ptr<Observed>> observed_;
};

/// One entry per row of the samples, in their order.
struct TableScores {
  std::vector<double> anomaly_score;  ///< nats; NaN where every metric is missing
  std::vector<double> alert_score;
  std::vector<double> severity;       ///< 0-100
  std::vector<int> state;             ///< -1 where every metric is missing
  std::vector<Index> scored;          ///< of each of Samples::hosts how many of its samples
  std::vector<ScoreMemory> memories;  ///< of each after the last of these
};

/// What a host's history comes down to at the time of a sample.
struct HostMoment {
  ScoreMemory memory;  ///< after the sample before
  Matrix shift;        ///< (1, D) of the host's level of late, as of HostSamples
  Vector evidence;     ///< (2 D) what is remembered, as of HostExplainer
};

/// The alert_score of a sample, values (D) in the metrics' own units, at such a moment; NaN when
/// every metric is missing.
double alert_score_at(Scorer& scorer, const HostMoment& moment, double timestamp,
                      const VectorRef& values);

TableScores score(Scorer& scorer, const Samples& samples);

/// Scores those samples that have none yet: at most `most` rows or little more. Whether all have.
bool score_new(Scorer& scorer, const Samples& samples, TableScores& scores,
               Index most = std::numeric_limits<Index>::max());

/// What is remembered of a host before one of its samples, of those before it.
ScoreMemory memory_before(Scorer& scorer, const HostSamples& host, Index sample);

}  // namespace rolemix

#endif  // ROLEMIX_SCORE_SCORE_H_
