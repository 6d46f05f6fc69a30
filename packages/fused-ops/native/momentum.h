// One step of SGD with momentum for all weights at once, and the check of half precision's gradients that comes before
// it.
#pragma once
#include <atomic>
#include <vector>

#include "half.h"
#include "parallel.h"

namespace bag_of_tricks {

struct Settings {
  float rate, momentum, factor;
  bool nesterov;
};

// The update of one tensor, as torch.optim.SGD does it. Outputs may be the inputs' own buffers; shadow may be null.
template <class G, class H>
struct Update {
  const float *weights, *velocities;
  const G* gradients;
  float *new_weights, *new_velocities;
  H* shadow;
  float decay;
  int64_t count;

  INLINED void run(int64_t begin, int64_t end, const Settings& settings) const {
    const float rate = settings.rate, momentum = settings.momentum, factor = settings.factor, rot = decay;
    // Nesterov's step looks ahead: g + momentum · v instead of v.
    const float now = settings.nesterov ? 1.0f : 0.0f, later = settings.nesterov ? momentum : 1.0f;
    const float *w = weights + begin, *v = velocities + begin;
    const G* g = gradients + begin;
    float *new_w = new_weights + begin, *new_v = new_velocities + begin;
    each(end - begin, [=](int64_t i) LOOP {
      const float gradient = widen(g[i]) * factor + rot * w[i];
      const float velocity = momentum * v[i] + gradient;
      new_w[i] = w[i] - rate * (now * gradient + later * velocity);
      new_v[i] = velocity;
    });
    if (shadow) store(shadow + begin, new_w, end - begin);
  }
};

// Shares tensors of very different sizes out to several threads, and calls body(tensor, begin, end) for blocks of them
// that stay in the nearest cache.
template <class Tensors, class Body>
void each_block(const Parallel& parallel, const Tensors& tensors, const Body& body) {
  constexpr int64_t block = 4096;
  int64_t all = 0;
  for (const auto& tensor : tensors) all += tensor.count;
  parallel.split(all, parallel.parts(all), [&](int64_t, int64_t begin, int64_t end) {
    int64_t start = 0;
    for (const auto& tensor : tensors) {
      const int64_t last = std::min(end - start, tensor.count);
      for (int64_t at = std::max<int64_t>(begin - start, 0); at < last; at += block)
        body(tensor, at, std::min(at + block, last));
      start += tensor.count;
    }
  });
}

template <class G, class H>
void momentum_step(const Parallel& parallel, const std::vector<Update<G, H>>& updates, const Settings& settings) {
  each_block(parallel, updates, [&](const Update<G, H>& update, int64_t begin, int64_t end) {
    vectorized([&, begin, end]() LOOP { update.run(begin, end, settings); });
  });
}

template <class T>
struct Values {
  const T* data;
  int64_t count;
};

INLINED bool finite(float value) { return (bits_of(value) & 0x7f800000u) != 0x7f800000u; }
INLINED bool finite(bfloat16 value) { return (value.bits & 0x7f80u) != 0x7f80u; }
INLINED bool finite(float16 value) { return (value.bits & 0x7c00u) != 0x7c00u; }

template <class G>
bool all_finite(const Parallel& parallel, const std::vector<Values<G>>& gradients) {
  std::atomic<bool> good{true};
  each_block(parallel, gradients, [&](const Values<G>& gradient, int64_t begin, int64_t end) {
    if (!good) return;
    vectorized([&good, data = gradient.data, begin, end]() LOOP {
      int32_t bad = 0;
      for (int64_t i = begin; i < end; ++i) bad |= finite(data[i]) ? 0 : 1;
      if (bad) good = false;
    });
  });
  return good;
}

}  // namespace bag_of_tricks
