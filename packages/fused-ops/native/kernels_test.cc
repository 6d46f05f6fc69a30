// Runs every kernel, without TensorFlow, in every version that this processor can run; exits with 1 at the first thing that is
// wrong. It is compiled with the address and undefined behaviour sanitizers, which see what an op's test would not.
#include <xmmintrin.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <thread>

#include "batch_norm.h"
#include "max_pool.h"
#include "momentum.h"
#include "patches.h"

using namespace bag_of_tricks;

namespace {

void expect(bool right, const char* what, double detail = 0) {
  if (right) return;
  std::printf("wrong: %s (%.9g)\n", what, detail);
  std::exit(1);
}

const Parallel three_threads = {3, [](int64_t count, const std::function<void(int64_t)>& run) {
                                  std::vector<std::thread> threads;
                                  for (int64_t i = 0; i < count; ++i) threads.emplace_back(run, i);
                                  for (auto& thread : threads) thread.join();
                                }};

// Exactly as long as it says, so that a step beyond its end is seen; offset from the alignment that TensorFlow gives.
template <class T>
std::vector<T> noise(int64_t count, float scale = 1) {
  static uint32_t state = 1;
  std::vector<T> values(count);
  for (T& value : values) {
    state = state * 1664525u + 1013904223u;
    value = narrow<T>(scale * (static_cast<float>(state >> 8) * 0x1p-23f - 1));
  }
  return values;
}

// 2^(exponent - bias) · 1.mantissa, from the definition of IEEE 754's binary16.
double value_of(float16 half) {
  const int exponent = half.bits >> 10 & 31, mantissa = half.bits & 1023;
  const double size = exponent == 31  ? (mantissa ? NAN : INFINITY)
                      : exponent == 0 ? std::ldexp(mantissa, -24)
                                      : std::ldexp(1024 + mantissa, exponent - 25);
  return half.bits & 0x8000 ? -size : size;
}

double value_of(bfloat16 half) {
  const uint32_t bits = uint32_t{half.bits} << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

template <class H>
void every_half_is_itself() {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const H half = {static_cast<uint16_t>(bits)};
    const double wide = widen(half), value = value_of(half);
    const H back = narrow<H>(widen(half));
    if (std::isnan(value)) {
      expect(std::isnan(wide) && std::isnan(value_of(back)), "NaN stays NaN", bits);
    } else {
      expect(wide == value && back.bits == half.bits, "a half survives widening", bits);
    }
  }
}

// Takes every exponent: the result is the nearest half, and of two as near the even one.
template <class H>
void rounds_to_nearest(double largest) {
  for (uint32_t i = 0; i < 255u << 12; ++i) {
    // Mantissas that are halfway between two halves come up as often as others.
    const float value = float_of(i << 11 | (i % 3 == 0 ? 0 : i * 2654435761u >> 21));
    const H found = narrow<H>(value);
    if (value >= largest) {
      expect(std::isinf(value_of(found)), "what is too large becomes infinite", value);
      continue;
    }
    const H up = {static_cast<uint16_t>(found.bits + 1)}, down = {static_cast<uint16_t>(found.bits - 1)};
    const double error = std::abs(value_of(found) - value);
    const double above = std::isinf(value_of(up)) ? INFINITY : value_of(up) - value;
    const double below = found.bits == 0 ? INFINITY : value - value_of(down);
    expect(error <= above && error <= below, "the nearest half is found", value);
    if (error == above || error == below) expect(found.bits % 2 == 0, "a tie goes to the even half", value);
  }
}

void halves() {
  every_half_is_itself<float16>();
  rounds_to_nearest<float16>(65520);  // halfway from 65504 to 2^16
  every_half_is_itself<bfloat16>();
  rounds_to_nearest<bfloat16>(std::ldexp(511, 119));  // halfway from 255 · 2^120 to 2^128
}

// What a kernel wrote in each version, against what the portable one wrote.
template <class T>
void expect_close(const std::vector<std::vector<T>>& versions, double tolerance, const char* what) {
  for (const auto& version : versions) {
    double difference = 0, size = 1e-30;
    for (size_t i = 0; i < version.size(); ++i) {
      const double expected = widen(versions[0][i]);
      difference += std::pow(widen(version[i]) - expected, 2);
      size += expected * expected;
    }
    expect(std::sqrt(difference / size) <= tolerance, what, std::sqrt(difference / size));
  }
}

template <class Run>
void each_version(const Run& run) {
  for (const Isa isa : {Isa::portable, Isa::avx2, Isa::avx512}) {
    if (!supports(isa)) continue;
    chosen_isa() = isa;
    run();
  }
}

template <class T>
void normalizes(int64_t pixels, int64_t channels) {
  const Rows rows(pixels * channels, channels);
  const auto x = noise<T>(rows.values), side = noise<T>(rows.values), dy = noise<T>(rows.values);
  const auto vector = noise<float>(channels);
  std::vector<std::vector<T>> ys, dxs, dsides;
  each_version([&] {
    for (const bool all : {false, true}) {
      std::vector<T> y(rows.values), dx(rows.values), dside(rows.values);
      std::vector<float> mean(channels), rstd(channels), next(channels), last(channels);
      batch_norm(three_threads, x.data(), all ? side.data() : nullptr, y.data(), rows,
                 {vector.data(), vector.data(), vector.data(), vector.data(), mean.data(), rstd.data(), next.data(),
                  last.data(), 1e-3f, 0.9f, all});
      const Incoming<T> incoming = {dy.data(), all ? side.data() : nullptr, all ? ys.empty() ? y.data() : ys[0].data() : nullptr};
      batch_norm_gradient(three_threads, incoming, x.data(), dx.data(), all ? dside.data() : nullptr, rows,
                          {vector.data(), mean.data(), rstd.data(), next.data(), last.data()});
      if (!all) continue;
      ys.push_back(y);
      dxs.push_back(dx);
      dsides.push_back(dside);
    }
  });
  const double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-2;
  expect_close(ys, tolerance, "batch norm is one in every version");
  expect_close(dxs, tolerance, "so is its gradient");
  expect_close(dsides, tolerance, "so is the shortcut's");
}

template <class T>
void pools(const Pool& pool) {
  const int64_t in = pool.batch * pool.height * pool.width * pool.channels;
  const int64_t out = pool.batch * pool.out_height() * pool.out_width() * pool.channels;
  const auto x = noise<T>(in), dy = noise<T>(out);
  std::vector<std::vector<T>> ys, dxs, patched;
  std::vector<uint8_t> index(out), first;
  each_version([&] {
    std::vector<T> y(out), dx(in), sums(in);
    std::vector<T> columns(out * pool.window_height * pool.window_width);
    max_pool(three_threads, pool, x.data(), y.data(), index.data());
    max_pool_gradient<T>(three_threads, pool, dy.data(), dy.data(), index.data(), dx.data());
    patches(three_threads, pool, x.data(), columns.data());
    patches_gradient(three_threads, pool, columns.data(), sums.data());
    if (first.empty()) first = index;
    expect(index == first, "the same cells win in every version");
    ys.push_back(y);
    dxs.push_back(dx);
    patched.push_back(sums);
  });
  expect_close(ys, 0, "pooling is the same in every version");
  expect_close(dxs, 0, "so is its gradient");
  expect_close(patched, 0, "so are patches and their sums");
}

template <class G, class H>
void descends() {
  const std::vector<int64_t> sizes = {1, 0, 30000, 17, 4097};
  std::vector<std::vector<float>> results;
  std::vector<std::vector<H>> copies;
  std::vector<std::vector<float>> weights;
  std::vector<std::vector<G>> gradients;
  for (const int64_t size : sizes) weights.push_back(noise<float>(size)), gradients.push_back(noise<G>(size));
  each_version([&] {
    auto moved = weights, velocities = weights;
    std::vector<std::vector<H>> shadows;
    std::vector<Update<G, H>> updates;
    for (const int64_t size : sizes) shadows.emplace_back(size);
    for (size_t i = 0; i < sizes.size(); ++i)
      updates.push_back({moved[i].data(), velocities[i].data(), gradients[i].data(), moved[i].data(), velocities[i].data(),
                         shadows[i].data(), 0.01f, sizes[i]});
    momentum_step(three_threads, updates, {0.1f, 0.9f, 0.5f, true});
    for (const auto* lists : {&moved, &velocities}) {
      results.emplace_back();
      for (const auto& list : *lists) results.back().insert(results.back().end(), list.begin(), list.end());
    }
    copies.emplace_back();
    for (const auto& list : shadows) copies.back().insert(copies.back().end(), list.begin(), list.end());
  });
  std::vector<std::vector<float>> moved, velocities;
  for (size_t i = 0; i < results.size(); i += 2) moved.push_back(results[i]), velocities.push_back(results[i + 1]);
  expect_close(moved, 1e-6, "the step is one in every version");
  expect_close(velocities, 1e-6, "so are the velocities");
  expect_close(copies, sizeof(H) == 4 ? 1e-6 : 1e-4, "so are the copies");
}

template <class G>
void finds_infinity() {
  each_version([] {
    auto gradients = noise<G>(40000);
    const std::vector<Values<G>> lists = {{nullptr, 0}, {gradients.data(), 40000}};
    expect(all_finite(three_threads, lists), "finite gradients are finite");
    for (const int64_t at : {0, 4095, 4096, 39999}) {
      const G kept = gradients[at];
      for (const float bad : {NAN, INFINITY, -INFINITY}) {
        gradients[at] = narrow<G>(bad);
        expect(!all_finite(three_threads, lists), "one bad gradient is found", at);
      }
      gradients[at] = kept;
    }
  });
}

template <class T>
void all_of() {
  for (const int64_t channels : {1, 3, 64, 255, 257, 2048})
    for (const int64_t pixels : {1, 2, 35, 150}) normalizes<T>(pixels, channels);
  normalizes<T>(9000, 5);
  pools<T>({2, 5, 7, 3, 3, 3, 2, 2, 1, 1, 1, 1});
  pools<T>({1, 33, 31, 70, 2, 3, 1, 2, 0, 1, 2, 0});
  pools<T>({3, 1, 1, 1, 1, 1, 1, 1, 4, 0, 0, 4});
  descends<T, float>();
  descends<float, T>();
  finds_infinity<T>();
}

}  // namespace

int main() {
  halves();
  // As on TensorFlow's threads: subnormal numbers count as zero.
  _mm_setcsr(_mm_getcsr() | 0x8040);
  every_half_is_itself<float16>();
  rounds_to_nearest<float16>(65520);
  all_of<float>();
  all_of<bfloat16>();
  all_of<float16>();
  for (const Isa isa : {Isa::portable, Isa::avx2, Isa::avx512})
    if (supports(isa)) std::printf("%s ", isa == Isa::portable ? "portable" : isa == Isa::avx2 ? "avx2" : "avx512");
  std::puts("right");
}
