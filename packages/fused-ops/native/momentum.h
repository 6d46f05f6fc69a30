// One step of SGD with momentum for all weights at once, and the check of half precision's gradients that comes before it.
#pragma once
#include <vector>

#include "half.h"
#include "parallel.h"

namespace bag_of_tricks {

struct Settings {
  float rate, momentum, factor;
  bool nesterov;
};

// The update of one tensor; inputs and outputs may be one buffer. shadow may be null.
template <class G, class H>
struct Update {
  const float *weights, *velocities;
  const G* gradients;
  float *new_weights, *new_velocities;
  H* shadow;
  float decay;
  int64_t values;

  INLINED void run(int64_t begin, int64_t end, const Settings& settings) const {
    const float rate = settings.rate, momentum = settings.momentum, factor = settings.factor, rot = decay;
    // Nesterov's step looks ahead: g + momentum · v instead of v.
    const float now = settings.nesterov ? 1.0f : 0.0f, later = settings.nesterov ? momentum : 1.0f;
    const float *w = weights, *v = velocities;
    const G* g = gradients;
    float *w2 = new_weights, *v2 = new_velocities;
#pragma GCC ivdep
    for (int64_t i = begin; i < end; ++i) {
      const float gradient = widen(g[i]) * factor + rot * w[i];
      const float velocity = momentum * v[i] + gradient;
      w2[i] = w[i] - rate * (now * gradient + later * velocity);
      v2[i] = velocity;
    }
    if (shadow)
      for (int64_t i = begin; i < end; ++i) shadow[i] = narrow<H>(w2[i]);
  }
};

// Cuts tensors of very different sizes into blocks, and calls body(tensor, begin, end) on several threads.
template <class Body>
void each_block(const Parallel& parallel, const std::vector<int64_t>& sizes, const Body& body) {
  constexpr int64_t block = 4096;
  int64_t all = 0;
  for (const int64_t size : sizes) all += size;
  parallel.split(all, parallel.parts(all), [&](int64_t, int64_t begin, int64_t end) {
    int64_t start = 0;
    for (size_t tensor = 0; tensor < sizes.size(); start += sizes[tensor++]) {
      const int64_t last = std::min(end - start, sizes[tensor]);
      for (int64_t at = std::max<int64_t>(begin - start, 0); at < last; at += block)
        body(tensor, at, std::min(at + block, last));
    }
  });
}

template <class G, class H>
void momentum_step(const Parallel& parallel, const std::vector<Update<G, H>>& updates, const Settings& settings) {
  std::vector<int64_t> sizes;
  for (const auto& update : updates) sizes.push_back(update.values);
  each_block(parallel, sizes, [&](size_t tensor, int64_t begin, int64_t end) {
    vectorized([&, begin, end]() LOOP { updates[tensor].run(begin, end, settings); });
  });
}

INLINED bool finite(float value) { return (bits_of(value) & 0x7f800000u) != 0x7f800000u; }
INLINED bool finite(bfloat16 value) { return (value.bits & 0x7f80u) != 0x7f80u; }
INLINED bool finite(float16 value) { return (value.bits & 0x7c00u) != 0x7c00u; }

template <class G>
INLINED int32_t infinite(const G* __restrict gradients, int64_t begin, int64_t end) {
  int32_t found = 0;
  for (int64_t i = begin; i < end; ++i) found |= finite(gradients[i]) ? 0 : 1;
  return found;
}

}  // namespace bag_of_tricks
