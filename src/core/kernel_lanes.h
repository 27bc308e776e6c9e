// Vectors of samples and the functions of them that the kernel needs. Written with the vector
// extensions of GCC and Clang, so that one source serves every instruction set; included only by
// the files that are each compiled for one of them, and therefore free of anything that the linker
// could share between them.
#ifndef ROLEMIX_CORE_KERNEL_LANES_H_
#define ROLEMIX_CORE_KERNEL_LANES_H_

#include "core/kernel_packed.h"

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

/// What is used in several places, and big: inlined where that makes it fast, but in WebAssembly
/// once, where every byte is downloaded.
#if defined(__wasm__)
#define ROLEMIX_ONE_COPY [[gnu::noinline]]
#define ROLEMIX_SMALL [[gnu::noinline, clang::minsize]]
#else
#define ROLEMIX_ONE_COPY inline
#define ROLEMIX_SMALL inline
#endif

namespace rolemix {
namespace {  // NOLINT(cert-dcl59-cpp,google-build-namespaces): one copy per instruction set

#if defined(__wasm__)
constexpr bool kOneCopy = true;
#else
constexpr bool kOneCopy = false;
#endif

#if defined(__AVX512DQ__)
constexpr int kLanes = 8;
#elif defined(__AVX2__)
constexpr int kLanes = 4;
#else
constexpr int kLanes = 2;
#endif

using Lanes [[gnu::vector_size(kLanes * sizeof(double))]] = double;
using Mask [[gnu::vector_size(kLanes * sizeof(double))]] = long long;

inline Lanes load(const double* from) {
  Lanes result;
  __builtin_memcpy(&result, from, sizeof result);
  return result;
}

inline void store(double* to, Lanes x) { __builtin_memcpy(to, &x, sizeof x); }

inline Lanes all(double x) { return x - Lanes{}; }

inline Mask bits(Lanes x) { return reinterpret_cast<Mask>(x); }
inline Lanes from_bits(Mask x) { return reinterpret_cast<Lanes>(x); }

/// Lane by lane `mask ? yes : no`, for the masks that comparisons give.
inline Lanes select(Mask mask, Lanes yes, Lanes no) { return mask ? yes : no; }

inline Lanes larger(Lanes a, Lanes b) { return a > b ? a : b; }
inline Lanes smaller(Lanes a, Lanes b) { return a < b ? a : b; }
inline Lanes absolute(Lanes x) { return from_bits(bits(x) & 0x7fffffffffffffff); }

inline bool any(Mask mask) {
#if defined(__AVX512DQ__)
  return _mm512_movepi64_mask(reinterpret_cast<__m512i>(mask)) != 0;
#elif defined(__AVX2__)
  return _mm256_movemask_pd(reinterpret_cast<__m256d>(mask)) != 0;
#elif defined(__SSE2__)
  return _mm_movemask_pd(reinterpret_cast<__m128d>(mask)) != 0;
#elif defined(__wasm_simd128__)
  return wasm_v128_any_true(reinterpret_cast<v128_t>(mask));
#else
  return (mask[0] | mask[1]) != 0;
#endif
}

/// Σ coefficients[i] x^i, as four sums that do not wait for one another.
template <int Count>
inline Lanes polynomial(const double (&coefficients)[Count], Lanes x) {
  constexpr int kSums = 4;
  const Lanes x2 = x * x;
  const Lanes x4 = x2 * x2;
  Lanes sums[kSums];
  for (int i = 0; i < kSums; ++i) {
    const int last = i + (Count - 1 - i) / kSums * kSums;
    sums[i] = all(coefficients[last]);
    for (int j = last - kSums; j >= 0; j -= kSums) {
      sums[i] = sums[i] * x4 + coefficients[j];
    }
  }
  return (sums[0] + sums[1] * x) + x2 * (sums[2] + sums[3] * x);
}

// Constants are split and rounded on purpose, and nothing is included that the linker could share.
// NOLINTBEGIN(modernize-use-std-numbers)

/// e^x for x <= 709, to 3e-16 of its value; below -708 the smallest such number.
/// x = n ln 2 + r with |r| <= ln 2 / 2; e^r by its Chebyshev interpolation.
ROLEMIX_ONE_COPY Lanes exp(Lanes x) {
  constexpr double kExpOfRest[] = {1.0,
                                   1.0,
                                   0.5000000000000019,
                                   0.16666666666666702,
                                   0.04166666666648794,
                                   0.008333333333309507,
                                   0.0013888888952356135,
                                   0.00019841269909260645,
                                   2.480148543844738e-05,
                                   2.755722491836887e-06,
                                   2.763265575933203e-07,
                                   2.5114882786996687e-08};
  constexpr double kShift = 0x1.8p52;  // rounds to an integer, which it leaves in the low bits
  x = larger(x, all(-708));
  const Lanes shifted = x * 0x1.71547652b82fep0 + kShift;
  const Lanes n = shifted - kShift;
  const Lanes rest = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  return from_bits(bits(polynomial(kExpOfRest, rest)) + (bits(shifted) << 52));
}

/// Natural logarithm of x >= 2.3e-308, to 1e-15.
/// x = 2^e m with m in [sqrt(1/2), sqrt(2)]; log m = 2 artanh((m - 1) / (m + 1)).
ROLEMIX_ONE_COPY Lanes log(Lanes x) {
  constexpr double kTwoArtanh[] = {2.0,
                                   0.6666666666666666,
                                   0.40000000000007524,
                                   0.28571428568810464,
                                   0.222222226780866,
                                   0.1818177365410667,
                                   0.1538716429678861,
                                   0.1324869258540157,
                                   0.13262702644004837};
  constexpr double kTwo52 = 0x1p52;
  const Mask exponent = (bits(x) >> 52) & 0x7ff;
  const Lanes mantissa = from_bits((bits(x) & 0xfffffffffffff) | 0x3ff0000000000000);
  const Mask high = mantissa > 0x1.6a09e667f3bcdp0;
  const Lanes m = select(high, 0.5 * mantissa, mantissa);
  const Lanes e =
      from_bits(exponent | bits(all(kTwo52))) - (kTwo52 + 1023) + select(high, all(1), all(0));
  const Lanes s = (m - 1) / (m + 1);
  return e * 0x1.62e42feep-1 + (s * polynomial(kTwoArtanh, s * s) + e * 0x1.a39ef35793c76p-33);
}

// NOLINTEND(modernize-use-std-numbers)

/// Φ(-|z|) exp(z² / 2), to 2e-15 of its value: Chebyshev interpolation in (|z| - 5) / (|z| + 5) of
/// the function times |z| + 5 (after Schonfelder 1978).
ROLEMIX_ONE_COPY Lanes scaled_tail(Lanes z) {
  constexpr double kTail[] = {
      0.769193049750063,      -0.6653825028900576,    0.4953056159699805,
      -0.3135331566712172,    0.16502036617019517,    -0.06911863870874183,
      0.02079506680323404,    -0.0029933767389359726, -0.0007978694277475297,
      0.0005448988347568596,  -5.937558833377767e-05, -4.976178374018789e-05,
      1.6680852719925394e-05, 3.977938262343427e-06,  -2.7688787836720915e-06,
      -3.311028544331811e-07, 4.3347664285137567e-07, 3.5844546560871596e-08,
      -6.741689051823604e-08, -5.027231930966982e-09, 9.275082241537343e-09,
      5.059297487966696e-10,  -7.854458583247658e-10};
  const Lanes inverse = 1 / (absolute(z) + 5);
  return polynomial(kTail, 1 - 10 * inverse) * inverse;
}

}  // namespace
}  // namespace rolemix

#endif  // ROLEMIX_CORE_KERNEL_LANES_H_
