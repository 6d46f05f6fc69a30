// Loops that exist three times: for AVX-512, for AVX2 and for any x86-64. Which one runs is decided on the user's
// machine.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace bag_of_tricks {

// Whatever a loop calls has to become part of it, or the compiler could not use the wider vectors.
#define INLINED inline __attribute__((always_inline))
// The same for lambdas.
#define LOOP __attribute__((always_inline))

#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#define WIDE ""
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#define WIDE ",prefer-vector-width=512"
#endif

enum class Isa { portable, avx2, avx512 };

inline bool supports(Isa isa) {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return isa == Isa::portable || (avx2 && (isa == Isa::avx2 || avx512));
}

// BAG_OF_TRICKS_ISA=portable or avx2 asks for less than the processor has; a test may change its mind.
inline Isa& chosen_isa() {
  static Isa chosen = [] {
    const char* asked = std::getenv("BAG_OF_TRICKS_ISA");
    if (asked && std::strcmp(asked, "portable") == 0) return Isa::portable;
    const bool narrow = asked && std::strcmp(asked, "avx2") == 0;
    if (!narrow && supports(Isa::avx512)) return Isa::avx512;
    return supports(Isa::avx2) ? Isa::avx2 : Isa::portable;
  }();
  return chosen;
}

// Calls body(i) for i from 0 up to count; no two calls may touch the same memory.
template <class Body>
INLINED void each(int64_t count, Body body) {
  INDEPENDENT
  for (int64_t i = 0; i < count; ++i) body(i);
}

template <class Body>
__attribute__((noinline, target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma" WIDE))) void on_avx512(Body body) {
  body();
}

template <class Body>
__attribute__((noinline, target("avx2,fma"))) void on_avx2(Body body) {
  body();
}

template <class Body>
__attribute__((noinline)) void on_any(Body body) {
  body();
}

template <class Body>
void vectorized(Body body, Isa isa = chosen_isa()) {
  if (isa == Isa::avx512) return on_avx512(body);
  if (isa == Isa::avx2) return on_avx2(body);
  on_any(body);
}

}  // namespace bag_of_tricks
