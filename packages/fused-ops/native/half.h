// The two half precisions as bits. Integer arithmetic only, which every compiler turns into vectors, and which no
// processor flag changes: TensorFlow's threads flush subnormal floats to zero.
#pragma once
#include <cstdint>
#include <cstring>

#include "loops.h"

namespace bag_of_tricks {

struct bfloat16 {
  uint16_t bits;
};
struct float16 {
  uint16_t bits;
};

INLINED uint32_t bits_of(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

INLINED float float_of(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

INLINED float widen(float value) { return value; }

INLINED float widen(bfloat16 value) { return float_of(uint32_t{value.bits} << 16); }

INLINED float widen(float16 value) {
  const uint32_t sign = (value.bits & 0x8000u) << 16;
  const uint32_t rest = value.bits & 0x7fffu;
  // The exponent moves from bias 15 to bias 127; that of infinity and NaN to the top.
  const uint32_t normal = (rest << 13) + (rest >= 0x7c00u ? (255u - 31u) << 23 : (127u - 15u) << 23);
  const uint32_t subnormal = bits_of(static_cast<float>(static_cast<int32_t>(rest)) * 0x1p-24f);
  return float_of(sign | (rest < 0x0400u ? subnormal : normal));
}

template <class T>
INLINED T narrow(float value);

template <>
INLINED float narrow<float>(float value) {
  return value;
}

// Both round to the nearest, ties to even, and keep NaN.
template <>
INLINED bfloat16 narrow<bfloat16>(float value) {
  const uint32_t bits = bits_of(value);
  const uint32_t rounded = bits + 0x7fffu + ((bits >> 16) & 1u);
  const bool nan = (bits & 0x7fffffffu) > 0x7f800000u;
  return {static_cast<uint16_t>((nan ? bits | 0x400000u : rounded) >> 16)};
}

template <>
INLINED float16 narrow<float16>(float value) {
  const uint32_t bits = bits_of(value);
  const uint32_t sign = (bits >> 16) & 0x8000u;
  const uint32_t rest = bits & 0x7fffffffu;
  const uint32_t normal = (rest - ((127u - 15u) << 23) + 0xfffu + ((rest >> 13) & 1u)) >> 13;
  // Adding 0.5 leaves the value's multiple of 2^-24, rounded by the processor, in the low bits.
  const uint32_t subnormal = bits_of(float_of(rest) + 0.5f) - bits_of(0.5f);
  uint32_t half = rest < (113u << 23) ? subnormal : normal;
  half = rest >= (143u << 23) ? 0x7c00u : half;  // 65536 and beyond; 65520 rounds up to it by itself
  half = rest > 0x7f800000u ? 0x7e00u : half;
  return {static_cast<uint16_t>(sign | half)};
}

template <class T>
INLINED void store(T* to, const float* from, int64_t count) {
  each(count, [=](int64_t i) LOOP { to[i] = narrow<T>(from[i]); });
}

}  // namespace bag_of_tricks
