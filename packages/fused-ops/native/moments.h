// Mean and variance of each channel, in one reading of the values.
#pragma once
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

  // Repeats what there is one of for each channel.
  std::vector<float> spread(const float* by_channel) const {
    std::vector<float> by_lane;
    by_lane.reserve(lanes);
    while (static_cast<int64_t>(by_lane.size()) < lanes)
      by_lane.insert(by_lane.end(), by_channel, by_channel + channels);
    return by_lane;
  }

  int64_t parts(const Parallel& parallel) const { return std::min(parallel.parts(values), rows); }
};

// Count, mean and sum of squared differences from it, by lane or by channel.
struct Moments {
  std::vector<double> count, mean, squares;

  explicit Moments(int64_t size) : count(size), mean(size), squares(size) {}
};

// Adds n more values with moments of their own. Chan, Golub and LeVeque, 1979: sound for any split of the values.
INLINED void merge(double& count, double& mean, double& squares, double n, double other_mean, double other_squares) {
  const double share = n / (count + n), delta = other_mean - mean;
  mean += delta * share;
  squares += other_squares + delta * delta * count * share;
  count += n;
}

// So few rows that single precision sums them well, so many that the double precision afterwards costs little.
constexpr int64_t chunk = 32;

// Sums x - shift and its square, where shift is the mean so far: near enough to the chunk's own mean, so that nothing
// is lost to cancellation when the mean is large, and each value is read once.
template <class T>
INLINED void add_chunk(const T* x, int64_t lanes, int64_t width, int64_t count, Moments& moments, float* scratch) {
  float *shift = scratch, *sum = scratch + lanes, *square = scratch + 2 * lanes;
  double *counts = moments.count.data(), *mean = moments.mean.data(), *squares = moments.squares.data();
  // Rows so far: the same for all lanes, since a short row is the last.
  const double before = counts[0], n = static_cast<double>(count);
  each(width, [=](int64_t i) LOOP {
    shift[i] = before == 0 ? widen(x[i]) : static_cast<float>(mean[i]);
    sum[i] = square[i] = 0;
  });
  int64_t row = 0;
  for (; row + 4 <= count; row += 4) {
    const T *r0 = x + row * lanes, *r1 = r0 + lanes, *r2 = r1 + lanes, *r3 = r2 + lanes;
    each(width, [=](int64_t i) LOOP {
      const float k = shift[i], a = widen(r0[i]) - k, b = widen(r1[i]) - k, c = widen(r2[i]) - k, d = widen(r3[i]) - k;
      sum[i] += (a + b) + (c + d);
      square[i] += (a * a + b * b) + (c * c + d * d);
    });
  }
  for (; row < count; ++row) {
    const T* r0 = x + row * lanes;
    each(width, [=](int64_t i) LOOP {
      const float a = widen(r0[i]) - shift[i];
      sum[i] += a;
      square[i] += a * a;
    });
  }
  each(width, [=](int64_t i) LOOP {
    const double own = sum[i] / n;
    merge(counts[i], mean[i], squares[i], n, shift[i] + own, square[i] - sum[i] * own);
  });
}

// The channels' moments. The result depends on the number of threads and on nothing else.
template <class T>
Moments moments_of(const Parallel& parallel, const T* x, const Rows& shape) {
  const int64_t parts = shape.parts(parallel), lanes = shape.lanes;
  std::vector<Moments> found(parts, Moments(lanes));
  parallel.split(shape.rows, parts, [&](int64_t part, int64_t begin, int64_t end) {
    std::vector<float> scratch(3 * lanes);
    vectorized([&, x]() LOOP {
      const int64_t full = shape.width(end - 1) < lanes ? end - 1 : end;
      for (int64_t row = begin; row < full; row += chunk)
        add_chunk(x + row * lanes, lanes, lanes, std::min(chunk, full - row), found[part], scratch.data());
      if (full < end) add_chunk(x + full * lanes, lanes, shape.width(full), 1, found[part], scratch.data());
    });
  });
  Moments total(shape.channels);
  for (const Moments& part : found)
    for (int64_t tile = 0; tile < lanes; tile += shape.channels)
      for (int64_t c = 0; c < shape.channels; ++c)
        if (const double n = part.count[tile + c])
          merge(total.count[c], total.mean[c], total.squares[c], n, part.mean[tile + c], part.squares[tile + c]);
  return total;
}

}  // namespace bag_of_tricks
