#include "core/kernel_block.h"
#include "core/kernel_targets.h"

namespace rolemix::kernel_avx512 {

void score(const PackedMixture& mixture, const double* samples, long count, double* work,
           const KernelScores& out) {
  score_blocks(mixture, samples, count, work, out);
}

void explain(const PackedMixture& mixture, const double* samples, long count, double* work,
             const KernelConditionals& out) {
  explain_blocks(mixture, samples, count, work, out);
}

}  // namespace rolemix::kernel_avx512
