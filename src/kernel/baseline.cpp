#include "kernel/explain.h"
#include "kernel/moments.h"
#include "kernel/replace.h"
#include "kernel/targets.h"

namespace rolemix::kernel_baseline {

void score(const PackedMixture& mixture, const double* samples, long count, double* work,
           const KernelScores& out) {
  score_blocks(mixture, samples, count, work, out);
}

void explain(const PackedMixture& mixture, const double* samples, const double* observed,
             long count, double* work, const KernelScores& scores, double* const* fields) {
  explain_blocks<true>(mixture, samples, observed, count, work, scores, fields);
}

void surprises(const PackedMixture& mixture, const double* samples, const double* observed,
               long count, double* work, const KernelScores& scores, double* const* fields) {
  explain_blocks<false>(mixture, samples, observed, count, work, scores, fields);
}

void typical(const PackedMixture& mixture, const double* samples, long count, double* work,
             double* log_surprise, double* below) {
  typical_blocks(mixture, samples, count, work, log_surprise, below);
}

void replace_ignored(const PackedMixture& mixture, const double* directions, double* samples,
                     long count, double* work, double* log_likelihood) {
  replace_blocks(mixture, directions, samples, count, work, log_likelihood);
}

void add_moments(const MomentRows& rows, double* work, const KernelMoments& out) {
  add_moments_of_blocks(rows, work, out);
}

}  // namespace rolemix::kernel_baseline
