// Vectors of samples and the functions of them that the kernel needs. Written with the vector
// extensions of GCC and Clang, so that one source serves every instruction set; included only by
// the files that are each compiled for one of them, and therefore free of anything that the linker
// could share between them.
#ifndef ROLEMIX_KERNEL_LANES_H_
#define ROLEMIX_KERNEL_LANES_H_

#include "kernel/packed.h"

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

/// What is used in several places, and big: inlined where that makes it fast, but in WebAssembly
/// once, where every byte is downloaded.
#if defined(__wasm__)
#define ROLEMIX_ONE_COPY [[gnu::noinline]]
#else
#define ROLEMIX_ONE_COPY inline
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

/// Vectors that are worked on together: they share the loads of constants, and none waits for
/// another.
template <int Count>
struct Several {
  Lanes vectors[Count];

  Lanes& operator[](int i) { return vectors[i]; }
  const Lanes& operator[](int i) const { return vectors[i]; }
};

/// of(0), of(1), ... of(Count - 1).
template <int Count, typename Function>
inline Several<Count> each(const Function& of) {
  Several<Count> result;
  for (int i = 0; i < Count; ++i) {
    result[i] = of(i);
  }
  return result;
}

/// Σ coefficients[i] x^i, as two sums that do not wait for one another.
template <int Count, int Terms>
inline Several<Count> polynomial(const double (&coefficients)[Terms], const Several<Count>& x) {
  const double* c = coefficients;
#if defined(__wasm__)
  // Constant vectors are long instructions and slow ones; numbers in memory are neither.
  __asm__("" : "+r"(c));
#endif
  constexpr int kLast = Terms - 1;
  const Several<Count> square = each<Count>([&](int i) { return x[i] * x[i]; });
  Several<Count> upper = each<Count>([&](int) { return all(c[kLast]); });
  Several<Count> lower = each<Count>([&](int) { return all(c[kLast - 1]); });
  for (int term = kLast - 2; term > 0; term -= 2) {
    upper = each<Count>([&](int i) { return upper[i] * square[i] + c[term]; });
    lower = each<Count>([&](int i) { return lower[i] * square[i] + c[term - 1]; });
  }
  return each<Count>([&](int i) {
    return kLast % 2 == 1 ? upper[i] * x[i] + lower[i]
                          : (upper[i] * square[i] + c[0]) + lower[i] * x[i];
  });
}

// Constants are split and rounded on purpose, and nothing is included that the linker could share.
// NOLINTBEGIN(modernize-use-std-numbers)

/// e^x for x <= 709, to 4e-16 of its value; below -708 the smallest such number.
/// x = n ln 2 + r with |r| <= ln 2 / 2; e^r by its Chebyshev interpolation.
template <int Count>
ROLEMIX_ONE_COPY Several<Count> exp(const Several<Count>& x) {
  static constexpr double kExpOfRest[] = {1.0,
                                          1.0000000000000067,
                                          0.5000000000000006,
                                          0.16666666666554406,
                                          0.04166666666657314,
                                          0.008333333385667782,
                                          0.0013888888932488599,
                                          0.00019841170270440067,
                                          2.4801504346997686e-05,
                                          2.764018079620985e-06,
                                          2.7626357241447223e-07};
  constexpr double kShift = 0x1.8p52;  // rounds to an integer, which it leaves in the low bits
  const Several<Count> shifted =
      each<Count>([&](int i) { return larger(x[i], all(-708)) * 0x1.71547652b82fep0 + kShift; });
  const Several<Count> rest = each<Count>([&](int i) {
    const Lanes n = shifted[i] - kShift;
    return (larger(x[i], all(-708)) - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  });
  const Several<Count> power = polynomial(kExpOfRest, rest);
  return each<Count>([&](int i) { return from_bits(bits(power[i]) + (bits(shifted[i]) << 52)); });
}

ROLEMIX_ONE_COPY Lanes exp(Lanes x) { return exp(Several<1>{{x}})[0]; }

/// From e^-y to 2 e^-y, y >= 0: a power of 2, in place of an exponential.
inline Lanes exp_bound(Lanes y) {
  constexpr double kShift = 0x1.8p52;  // rounds to an integer, which it leaves in the low bits
  const Lanes power = larger(-y, all(-700)) * 0x1.71547652b82fep0 + 0.5 + kShift;
  return from_bits((bits(power) << 52) + bits(all(1)));
}

/// Natural logarithm of x >= 2.3e-308, to 1e-15.
/// x = 2^e m with m in [sqrt(1/2), sqrt(2)]; log m = 2 artanh((m - 1) / (m + 1)).
ROLEMIX_ONE_COPY Lanes log(Lanes x) {
  static constexpr double kTwoArtanh[] = {2.0,
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
  return e * 0x1.62e42feep-1 +
         (s * polynomial(kTwoArtanh, Several<1>{{s * s}})[0] + e * 0x1.a39ef35793c76p-33);
}

// NOLINTEND(modernize-use-std-numbers)

/// Φ(-|z|) exp(z² / 2), to 2e-14 of its value: the quotient of two polynomials in |z| whose largest
/// relative error over all of 0 to infinity is least.
template <int Count>
ROLEMIX_ONE_COPY Several<Count> scaled_tail(const Several<Count>& z) {
  static constexpr double kAbove[] = {18242.00466364998, 27152.9484284633,  19853.76000501371,
                                      9118.090223722109, 2852.290978270344, 621.1783319210178,
                                      92.3087540877194,  8.643014143938828, 0.39894228040143903};
  static constexpr double kBelow[] = {36484.009327299376, 83415.92461545754,
                                      88021.79371985383,  56462.79097158986,
                                      24369.39911615763,  7379.016871780617,
                                      1578.727995207514,  232.383732982366,
                                      21.66482363126407,  1.0};
  constexpr double kLargest = 1e30;  // its powers are numbers
  const Several<Count> size =
      each<Count>([&](int i) { return smaller(absolute(z[i]), all(kLargest)); });
  const Several<Count> above = polynomial(kAbove, size);
  const Several<Count> below = polynomial(kBelow, size);
  return each<Count>([&](int i) { return above[i] / below[i]; });
}

ROLEMIX_ONE_COPY Lanes scaled_tail(Lanes z) { return scaled_tail(Several<1>{{z}})[0]; }

}  // namespace
}  // namespace rolemix

#endif  // ROLEMIX_KERNEL_LANES_H_
