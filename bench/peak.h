// The most that the processor can add and multiply, in vectors of one instruction set.
#ifndef ROLEMIX_BENCH_PEAK_H_
#define ROLEMIX_BENCH_PEAK_H_

namespace rolemix::bench {

#if defined(__AVX512F__)
constexpr int kPeakLanes = 8;
constexpr int kPeakSums = 24;
#elif defined(__AVX2__)
constexpr int kPeakLanes = 4;
constexpr int kPeakSums = 12;
#else
constexpr int kPeakLanes = 2;
constexpr int kPeakSums = 12;
#endif

/// Does `rounds` times kPeakSums independent products and sums; gives the number of operations.
__attribute__((noinline)) inline double peak_work(long rounds, double* out) {
  using Lanes [[gnu::vector_size(kPeakLanes * sizeof(double))]] = double;
  const Lanes factor = out[0] - Lanes{};
  const Lanes term = out[1] - Lanes{};
  Lanes sums[kPeakSums];
  for (int i = 0; i < kPeakSums; ++i) {
    sums[i] = term * i;
  }
  for (long round = 0; round < rounds; ++round) {
#pragma GCC unroll 24
    for (int i = 0; i < kPeakSums; ++i) {
      sums[i] = sums[i] * factor + term;
    }
  }
  Lanes sum = {};
  for (int i = 0; i < kPeakSums; ++i) {
    sum += sums[i];
  }
  out[2] = sum[0] + sum[kPeakLanes - 1];
  return 2.0 * kPeakLanes * kPeakSums * static_cast<double>(rounds);
}

}  // namespace rolemix::bench

#endif  // ROLEMIX_BENCH_PEAK_H_
