// Batch normalization over the last axis, forward and backward, with what stands around it in a residual network: the
// shortcut's addition and ReLU.
#pragma once
#include <cmath>
#include <vector>

#include "moments.h"

namespace bag_of_tricks {

struct BatchNorm {
  const float *gamma, *beta, *moving_mean, *moving_variance;
  float *mean, *rstd, *new_mean, *new_variance;
  float epsilon, momentum;
  bool relu;
};

// side may be null; it is added before ReLU.
template <class T>
void batch_norm(const Parallel& parallel, const T* x, const T* side, T* y, const Rows& shape, const BatchNorm& layer) {
  const Moments total = moments_of(parallel, x, shape);
  std::vector<float> slope(shape.channels);
  const double kept = layer.momentum;
  for (int64_t c = 0; c < shape.channels; ++c) {
    const double mean = total.mean[c], variance = total.squares[c] / shape.pixels();
    layer.mean[c] = static_cast<float>(mean);
    layer.rstd[c] = static_cast<float>(1 / std::sqrt(variance + layer.epsilon));
    layer.new_mean[c] = static_cast<float>(kept * layer.moving_mean[c] + (1 - kept) * mean);
    layer.new_variance[c] = static_cast<float>(kept * layer.moving_variance[c] + (1 - kept) * variance);
    slope[c] = layer.gamma[c] * layer.rstd[c];
  }
  const std::vector<float> centre = shape.spread(layer.mean), scale = shape.spread(slope.data()),
                           offset = shape.spread(layer.beta);
  parallel.split(shape.rows, shape.parts(parallel), [&](int64_t, int64_t begin, int64_t end) {
    std::vector<float> scratch(shape.lanes);
    vectorized([&, x, side, y]() LOOP {
      const float *m = centre.data(), *s = scale.data(), *o = offset.data();
      float* v = scratch.data();
      for (int64_t row = begin; row < end; ++row) {
        const int64_t at = row * shape.lanes, width = shape.width(row);
        each(width, [=](int64_t i) LOOP { v[i] = (widen(x[at + i]) - m[i]) * s[i] + o[i]; });
        if (side) each(width, [=](int64_t i) LOOP { v[i] += widen(side[at + i]); });
        if (layer.relu) each(width, [=](int64_t i) LOOP { v[i] = v[i] < 0 ? 0 : v[i]; });  // NaN stays
        store(y + at, v, width);
      }
    });
  });
}

// The gradient that reaches the normalization: dy, or the sum of two, where ReLU let something through. Gradients may be
// wider than what they belong to: convolutions that multiply in single precision give them so.
template <class T, class G = T>
struct Incoming {
  const G *dy, *dy2;
  const T* y;

  INLINED void load(int64_t at, int64_t count, float* g) const {
    const G *first = dy, *second = dy2;
    const T* mask = y;
    each(count, [=](int64_t i) LOOP { g[i] = widen(first[at + i]); });
    if (second) each(count, [=](int64_t i) LOOP { g[i] += widen(second[at + i]); });
    if (mask) each(count, [=](int64_t i) LOOP { g[i] = widen(mask[at + i]) > 0 ? g[i] : 0; });
  }
};

struct BatchNormGradient {
  const float *gamma, *mean, *rstd;
  float *dgamma, *dbeta;
};

// Sums of the gradient, and of the gradient times x - mean, by lane, from the rows of one part; writes the gradient to
// dside.
template <class T, class G>
INLINED void add_gradients(const Incoming<T, G>& incoming, const T* x, G* dside, const float* centre, const Rows& shape,
                           int64_t begin, int64_t end, double* sums, double* products) {
  const int64_t lanes = shape.lanes;
  std::vector<float> scratch(3 * lanes);
  float *g = scratch.data(), *sum = g + lanes, *product = sum + lanes;
  for (int64_t row = begin; row < end; row += chunk) {
    each(lanes, [=](int64_t i) LOOP { sum[i] = product[i] = 0; });
    for (int64_t r = row; r < std::min(row + chunk, end); ++r) {
      const int64_t at = r * lanes, width = shape.width(r);
      incoming.load(at, width, g);
      if (dside) store(dside + at, g, width);
      each(width, [=](int64_t i) LOOP {
        sum[i] += g[i];
        product[i] += g[i] * (widen(x[at + i]) - centre[i]);
      });
    }
    each(lanes, [=](int64_t i) LOOP {
      sums[i] += sum[i];
      products[i] += product[i];
    });
  }
}

// dside may be null.
template <class T, class G>
void batch_norm_gradient(const Parallel& parallel, Incoming<T, G> incoming, const T* x, G* dx, G* dside,
                         const Rows& shape, const BatchNormGradient& layer) {
  const int64_t parts = shape.parts(parallel), lanes = shape.lanes;
  const std::vector<float> centre = shape.spread(layer.mean);
  std::vector<std::vector<double>> sums(parts, std::vector<double>(2 * lanes));
  parallel.split(shape.rows, parts, [&](int64_t part, int64_t begin, int64_t end) {
    double* sum = sums[part].data();
    vectorized([&, x, dside, sum]()
                   LOOP { add_gradients(incoming, x, dside, centre.data(), shape, begin, end, sum, sum + lanes); });
  });
  std::vector<float> slope(shape.channels), tilt(shape.channels), shift(shape.channels);
  for (int64_t c = 0; c < shape.channels; ++c) {
    double sum = 0, product = 0;
    for (const auto& part : sums) {
      for (int64_t i = c; i < lanes; i += shape.channels) {
        sum += part[i];
        product += part[lanes + i];
      }
    }
    const double rstd = layer.rstd[c];
    layer.dbeta[c] = static_cast<float>(sum);
    layer.dgamma[c] = static_cast<float>(product * rstd);
    slope[c] = layer.gamma[c] * layer.rstd[c];
    tilt[c] = static_cast<float>(-slope[c] * rstd * rstd * product / shape.pixels());
    shift[c] = static_cast<float>(-slope[c] * sum / shape.pixels());
  }
  const std::vector<float> a = shape.spread(slope.data()), b = shape.spread(tilt.data()),
                           c = shape.spread(shift.data());
  // Once written, the shortcut's gradient is one tensor to read in the place of three.
  const Incoming<T, G> gradient = dside ? Incoming<T, G>{dside, nullptr, nullptr} : incoming;
  // dx = γ/σ · (g − mean(g) − x̂ · mean(g · x̂)), x̂ = (x − mean)/σ
  parallel.split(shape.rows, parts, [&](int64_t, int64_t begin, int64_t end) {
    std::vector<float> scratch(2 * lanes);
    vectorized([&, x, dx]() LOOP {
      float *g = scratch.data(), *d = g + lanes;
      const float *m = centre.data(), *p = a.data(), *q = b.data(), *s = c.data();
      for (int64_t row = begin; row < end; ++row) {
        const int64_t at = row * lanes, width = shape.width(row);
        gradient.load(at, width, g);
        each(width, [=](int64_t i) LOOP { d[i] = g[i] * p[i] + (widen(x[at + i]) - m[i]) * q[i] + s[i]; });
        store(dx + at, d, width);
      }
    });
  });
}

}  // namespace bag_of_tricks
