// Batch normalization over the last axis, forward and backward, with what stands around it in a residual network: the
// shortcut's addition and ReLU.
#pragma once
#include <cmath>
#include <vector>

#include "half.h"
#include "parallel.h"

namespace bag_of_tricks {

// Values of a tensor as wide rows: as many pixels side by side as make a loop over a row worth its start, so that three
// channels go as fast as 2048. A lane is a place in the row; lane i belongs to channel i % channels.
struct Rows {
  int64_t values, channels, lanes, rows;

  Rows(int64_t values, int64_t channels)
      : values(values),
        channels(channels),
        lanes(channels * std::max<int64_t>(1, 256 / channels)),
        rows((values + lanes - 1) / lanes) {}

  // The last row may be short.
  int64_t width(int64_t row) const { return std::min(lanes, values - row * lanes); }
  double pixels() const { return static_cast<double>(values / channels); }
};

// Mean and sum of squared differences from it, by lane.
struct Moments {
  std::vector<double> count, mean, squares;

  explicit Moments(int64_t lanes) : count(lanes), mean(lanes), squares(lanes) {}

  // Chan, Golub and LeVeque, 1979: exact for any split of the values.
  void merge(int64_t lane, double n, double other_mean, double other_squares) {
    if (n == 0) return;
    const double share = n / (count[lane] + n), delta = other_mean - mean[lane];
    mean[lane] += delta * share;
    squares[lane] += other_squares + delta * delta * count[lane] * share;
    count[lane] += n;
  }
};

// So few rows that single precision sums them well, so many that the double precision afterwards costs little.
constexpr int64_t chunk = 32;

// Sums x - shift and its square, where shift is the mean so far: near enough to the chunk's own mean, so that nothing is lost
// to cancellation when the mean is large, and each value is read once.
template <class T>
INLINED void add_chunk(const T* x, const Rows& shape, int64_t row, int64_t count, Moments& moments, float* scratch) {
  const int64_t width = shape.width(row + count - 1), lanes = shape.lanes;
  float *__restrict shift = scratch, *__restrict sum = scratch + lanes, *__restrict square = scratch + 2 * lanes;
  const T* __restrict first = x + row * lanes;
  // Rows so far: the same for all lanes, since a short row is the last.
  const double before = moments.count[0];
  for (int64_t i = 0; i < width; ++i) {
    shift[i] = before == 0 ? widen(first[i]) : static_cast<float>(moments.mean[i]);
    sum[i] = square[i] = 0;
  }
  for (int64_t r = 0; r < count; ++r) {
    const T* __restrict values = first + r * lanes;
    for (int64_t i = 0; i < width; ++i) {
      const float difference = widen(values[i]) - shift[i];
      sum[i] += difference;
      square[i] += difference * difference;
    }
  }
  const double n = static_cast<double>(count), share = n / (before + n);
  double *__restrict counts = moments.count.data(), *__restrict mean = moments.mean.data(),
         *__restrict squares = moments.squares.data();
  for (int64_t i = 0; i < width; ++i) {
    const double own = sum[i] / n, delta = shift[i] + own - mean[i];
    mean[i] += delta * share;
    squares[i] += square[i] - sum[i] * own + delta * delta * before * share;
    counts[i] = before + n;
  }
}

template <class T>
std::vector<Moments> moments_of(const Parallel& parallel, const T* x, const Rows& shape) {
  const int64_t parts = parallel.parts(shape.values);
  std::vector<Moments> found(parts, Moments(shape.lanes));
  parallel.split(shape.rows, parts, [&](int64_t part, int64_t begin, int64_t end) {
    std::vector<float> scratch(3 * shape.lanes);
    vectorized([&, x]() LOOP {
      for (int64_t row = begin; row < end;) {
        // A short row is a chunk of its own.
        const int64_t full = std::min(row + chunk, shape.width(end - 1) < shape.lanes ? end - 1 : end);
        const int64_t count = std::max<int64_t>(1, full - row);
        add_chunk(x, shape, row, count, found[part], scratch.data());
        row += count;
      }
    });
  });
  return found;
}

struct BatchNorm {
  const float *gamma, *beta, *moving_mean, *moving_variance;
  float *mean, *rstd, *new_mean, *new_variance;
  float epsilon, momentum;
  bool relu;
};

// side may be null; it is added before ReLU.
template <class T>
void batch_norm(const Parallel& parallel, const T* x, const T* side, T* y, int64_t values, int64_t channels,
                const BatchNorm& layer) {
  const Rows shape(values, channels);
  const auto found = moments_of(parallel, x, shape);
  std::vector<float> centre(shape.lanes), scale(shape.lanes), offset(shape.lanes);
  Moments total(channels);
  for (const Moments& part : found)
    for (int64_t i = 0; i < shape.lanes; ++i) total.merge(i % channels, part.count[i], part.mean[i], part.squares[i]);
  for (int64_t c = 0; c < channels; ++c) {
    const double variance = total.squares[c] / shape.pixels();
    const auto moved = [&](float old, double now) {
      return static_cast<float>(old * double{layer.momentum} + now * (1 - double{layer.momentum}));
    };
    layer.mean[c] = static_cast<float>(total.mean[c]);
    layer.rstd[c] = static_cast<float>(1 / std::sqrt(variance + layer.epsilon));
    layer.new_mean[c] = moved(layer.moving_mean[c], total.mean[c]);
    layer.new_variance[c] = moved(layer.moving_variance[c], variance);
  }
  for (int64_t i = 0; i < shape.lanes; ++i) {
    const int64_t c = i % channels;
    centre[i] = layer.mean[c];
    scale[i] = layer.gamma[c] * layer.rstd[c];
    // What single precision cut off the mean.
    offset[i] = static_cast<float>(layer.beta[c] - (total.mean[c] - layer.mean[c]) * scale[i]);
  }
  parallel.split(shape.rows, parallel.parts(values), [&](int64_t, int64_t begin, int64_t end) {
    std::vector<float> row(shape.lanes);
    vectorized([&, x, side, y]() LOOP {
      float* __restrict v = row.data();
      const float *__restrict m = centre.data(), *__restrict s = scale.data(), *__restrict o = offset.data();
      for (int64_t r = begin; r < end; ++r) {
        const int64_t at = r * shape.lanes, width = shape.width(r);
        for (int64_t i = 0; i < width; ++i) v[i] = (widen(x[at + i]) - m[i]) * s[i] + o[i];
        if (side)
          for (int64_t i = 0; i < width; ++i) v[i] += widen(side[at + i]);
        if (layer.relu)
          for (int64_t i = 0; i < width; ++i) v[i] = v[i] < 0 ? 0 : v[i];  // NaN stays
        for (int64_t i = 0; i < width; ++i) y[at + i] = narrow<T>(v[i]);
      }
    });
  });
}

// The gradient that reaches the normalization: dy, or the sum of two, where ReLU let something through.
template <class T>
struct Incoming {
  const T *dy, *dy2, *y;

  INLINED void load(int64_t at, int64_t width, float* __restrict g) const {
    for (int64_t i = 0; i < width; ++i) g[i] = widen(dy[at + i]);
    if (dy2)
      for (int64_t i = 0; i < width; ++i) g[i] += widen(dy2[at + i]);
    if (y)
      for (int64_t i = 0; i < width; ++i) g[i] = widen(y[at + i]) > 0 ? g[i] : 0;
  }
};

struct BatchNormGradient {
  const float *gamma, *mean, *rstd;
  float *dgamma, *dbeta;
};

// dside may be null.
template <class T>
void batch_norm_gradient(const Parallel& parallel, Incoming<T> incoming, const T* x, T* dx, T* dside, int64_t values,
                         int64_t channels, const BatchNormGradient& layer) {
  const Rows shape(values, channels);
  const int64_t parts = parallel.parts(values), lanes = shape.lanes;
  std::vector<float> centre(lanes), a(lanes), b(lanes), c(lanes);
  for (int64_t i = 0; i < lanes; ++i) centre[i] = layer.mean[i % channels];
  // Sums of the gradient, and of the gradient times x - mean.
  std::vector<std::vector<double>> sums(parts, std::vector<double>(2 * lanes));
  parallel.split(shape.rows, parts, [&](int64_t part, int64_t begin, int64_t end) {
    std::vector<float> scratch(3 * lanes);
    vectorized([&, incoming, x]() LOOP {
      float *__restrict g = scratch.data(), *__restrict sum = g + lanes, *__restrict product = sum + lanes;
      const float* __restrict m = centre.data();
      double *__restrict total = sums[part].data(), *__restrict total_product = total + lanes;
      for (int64_t row = begin; row < end; row += chunk) {
        for (int64_t i = 0; i < 2 * lanes; ++i) sum[i] = 0;
        for (int64_t r = row; r < std::min(row + chunk, end); ++r) {
          const int64_t at = r * lanes, width = shape.width(r);
          incoming.load(at, width, g);
          for (int64_t i = 0; i < width; ++i) {
            sum[i] += g[i];
            product[i] += g[i] * (widen(x[at + i]) - m[i]);
          }
        }
        for (int64_t i = 0; i < lanes; ++i) {
          total[i] += sum[i];
          total_product[i] += product[i];
        }
      }
    });
  });
  std::vector<double> beta(channels), product(channels);
  for (const auto& part : sums) {
    for (int64_t i = 0; i < lanes; ++i) {
      beta[i % channels] += part[i];
      product[i % channels] += part[lanes + i];
    }
  }
  for (int64_t i = 0; i < lanes; ++i) {
    const int64_t k = i % channels;
    const double rstd = layer.rstd[k], scale = layer.gamma[k] * rstd;
    layer.dbeta[k] = static_cast<float>(beta[k]);
    layer.dgamma[k] = static_cast<float>(product[k] * rstd);
    a[i] = static_cast<float>(scale);
    b[i] = static_cast<float>(-scale * rstd * rstd * product[k] / shape.pixels());
    c[i] = static_cast<float>(-scale * beta[k] / shape.pixels());
  }
  // dx = γ/σ · (g − mean(g) − x̂ · mean(g · x̂)), x̂ = (x − mean)/σ
  parallel.split(shape.rows, parts, [&](int64_t, int64_t begin, int64_t end) {
    std::vector<float> row(lanes);
    vectorized([&, incoming, x, dx, dside]() LOOP {
      float* __restrict g = row.data();
      const float *__restrict m = centre.data(), *__restrict p = a.data(), *__restrict q = b.data(),
                  *__restrict s = c.data();
      for (int64_t r = begin; r < end; ++r) {
        const int64_t at = r * lanes, width = shape.width(r);
        incoming.load(at, width, g);
        if (dside)
          for (int64_t i = 0; i < width; ++i) dside[at + i] = narrow<T>(g[i]);
        for (int64_t i = 0; i < width; ++i)
          dx[at + i] = narrow<T>(g[i] * p[i] + (widen(x[at + i]) - m[i]) * q[i] + s[i]);
      }
    });
  });
}

}  // namespace bag_of_tricks
