// Max pooling of NHWC pictures that remembers which cell of each window won.
#pragma once
#include <cmath>

#include "half.h"
#include "parallel.h"

namespace bag_of_tricks {

// Beyond the picture lie zeros, as after tf.pad, and they take part: a window may be won by one.
constexpr uint8_t padding_won = 255;
// Channels at a time, so that a window's state stays in the nearest cache.
constexpr int64_t strip = 64;

struct Pool {
  int64_t batch, height, width, channels;
  int64_t window_height, window_width, stride_height, stride_width;
  int64_t top, bottom, left, right;

  int64_t out_height() const { return (height + top + bottom - window_height) / stride_height + 1; }
  int64_t out_width() const { return (width + left + right - window_width) / stride_width + 1; }
};

template <class T>
INLINED void max_pool_pixel(const Pool& pool, const T* picture, int64_t oh, int64_t ow, T* __restrict y,
                            uint8_t* __restrict index) {
  for (int64_t c = 0; c < pool.channels; c += strip) {
    const int64_t n = std::min(strip, pool.channels - c);
    float value[strip], best[strip];
    int32_t winner[strip];
    for (int64_t i = 0; i < n; ++i) best[i] = -INFINITY;
    for (int64_t kh = 0; kh < pool.window_height; ++kh) {
      for (int64_t kw = 0; kw < pool.window_width; ++kw) {
        const int64_t h = oh * pool.stride_height - pool.top + kh, w = ow * pool.stride_width - pool.left + kw;
        const bool inside = h >= 0 && h < pool.height && w >= 0 && w < pool.width;
        const int32_t cell = inside ? static_cast<int32_t>(kh * pool.window_width + kw) : padding_won;
        const T* __restrict x = picture + (inside ? (h * pool.width + w) * pool.channels + c : 0);
        if (kh + kw == 0)
          for (int64_t i = 0; i < n; ++i) winner[i] = cell;
        if (inside)
          for (int64_t i = 0; i < n; ++i) value[i] = widen(x[i]);
        else
          for (int64_t i = 0; i < n; ++i) value[i] = 0;
        for (int64_t i = 0; i < n; ++i) {
          // The first of equals stays; the first NaN beats all.
          const bool wins = (value[i] > best[i]) | ((value[i] != value[i]) & (best[i] == best[i]));
          best[i] = wins ? value[i] : best[i];
          winner[i] = wins ? cell : winner[i];
        }
      }
    }
    for (int64_t i = 0; i < n; ++i) y[c + i] = narrow<T>(best[i]);
    for (int64_t i = 0; i < n; ++i) index[c + i] = static_cast<uint8_t>(winner[i]);
  }
}

template <class T>
void max_pool(const Parallel& parallel, const Pool& pool, const T* x, T* y, uint8_t* index) {
  const int64_t rows = pool.out_height(), columns = pool.out_width();
  const int64_t parts = parallel.parts(pool.batch * pool.height * pool.width * pool.channels);
  parallel.split(pool.batch * rows, parts, [&](int64_t, int64_t begin, int64_t end) {
    vectorized([=, &pool]() LOOP {
      for (int64_t row = begin; row < end; ++row) {
        const T* picture = x + row / rows * pool.height * pool.width * pool.channels;
        for (int64_t ow = 0; ow < columns; ++ow) {
          const int64_t at = (row * columns + ow) * pool.channels;
          max_pool_pixel(pool, picture, row % rows, ow, y + at, index + at);
        }
      }
    });
  });
}

// Gathers: each value of dx asks the windows it lies in whether it won there, so that it is written once and by one thread.
template <class T>
INLINED void max_pool_gradient_pixel(const Pool& pool, const T* dy, const T* dy2, const uint8_t* index, int64_t h, int64_t w,
                                     T* __restrict dx) {
  // The windows that cover a place p: o · stride <= p < o · stride + window.
  const auto first = [](int64_t place, int64_t window, int64_t stride) {
    return place < window ? 0 : (place - window) / stride + 1;
  };
  const int64_t ph = h + pool.top, pw = w + pool.left, columns = pool.out_width();
  const int64_t last_h = std::min(ph / pool.stride_height, pool.out_height() - 1);
  const int64_t last_w = std::min(pw / pool.stride_width, columns - 1);
  for (int64_t c = 0; c < pool.channels; c += strip) {
    const int64_t n = std::min(strip, pool.channels - c);
    float sum[strip];
    for (int64_t i = 0; i < n; ++i) sum[i] = 0;
    for (int64_t oh = first(ph, pool.window_height, pool.stride_height); oh <= last_h; ++oh) {
      for (int64_t ow = first(pw, pool.window_width, pool.stride_width); ow <= last_w; ++ow) {
        const int64_t cell =
            (ph - oh * pool.stride_height) * pool.window_width + pw - ow * pool.stride_width;
        const int64_t at = (oh * columns + ow) * pool.channels + c;
        const int32_t mine = static_cast<int32_t>(cell);
        if (dy2)
          for (int64_t i = 0; i < n; ++i) sum[i] += index[at + i] == mine ? widen(dy[at + i]) + widen(dy2[at + i]) : 0;
        else
          for (int64_t i = 0; i < n; ++i) sum[i] += index[at + i] == mine ? widen(dy[at + i]) : 0;
      }
    }
    for (int64_t i = 0; i < n; ++i) dx[c + i] = narrow<T>(sum[i]);
  }
}

// dy2 may be null; it is added to dy.
template <class T>
void max_pool_gradient(const Parallel& parallel, const Pool& pool, const T* dy, const T* dy2, const uint8_t* index, T* dx) {
  const int64_t out = pool.out_height() * pool.out_width() * pool.channels;
  const int64_t parts = parallel.parts(pool.batch * pool.height * pool.width * pool.channels);
  parallel.split(pool.batch * pool.height, parts, [&](int64_t, int64_t begin, int64_t end) {
    vectorized([=, &pool]() LOOP {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t picture = row / pool.height * out;
        const T* second = dy2 ? dy2 + picture : nullptr;
        for (int64_t w = 0; w < pool.width; ++w)
          max_pool_gradient_pixel(pool, dy + picture, second, index + picture, row % pool.height, w,
                                  dx + (row * pool.width + w) * pool.channels);
      }
    });
  });
}

}  // namespace bag_of_tricks
