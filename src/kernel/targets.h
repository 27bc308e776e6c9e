// The kernel's arithmetic, once for each instruction set.
#ifndef ROLEMIX_KERNEL_TARGETS_H_
#define ROLEMIX_KERNEL_TARGETS_H_

#include "kernel/packed.h"

#define ROLEMIX_KERNEL_TARGET(target)                                                           \
  namespace rolemix::target {                                                                   \
  void score(const PackedMixture& mixture, const double* samples, long count, double* work,     \
             const KernelScores& out);                                                          \
  void explain(const PackedMixture& mixture, const double* samples, const double* observed,     \
               long count, double* work, const KernelScores& scores, double* const* fields);    \
  void surprises(const PackedMixture& mixture, const double* samples, const double* observed,   \
                 long count, double* work, const KernelScores& scores, double* const* fields);  \
  void typical(const PackedMixture& mixture, const double* samples, long count, double* work,   \
               double* log_surprise, double* below);                                            \
  void replace_ignored(const PackedMixture& mixture, const double* directions, double* samples, \
                       long count, double* work, double* log_likelihood);                       \
  void add_moments(const MomentRows& rows, double* work, const KernelMoments& out);             \
  }

ROLEMIX_KERNEL_TARGET(kernel_baseline)
ROLEMIX_KERNEL_TARGET(kernel_avx2)
ROLEMIX_KERNEL_TARGET(kernel_avx512)

#undef ROLEMIX_KERNEL_TARGET

#endif  // ROLEMIX_KERNEL_TARGETS_H_
