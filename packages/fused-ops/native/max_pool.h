// Max pooling of NHWC pictures that remembers which cell of each window won.
#pragma once
#include "half.h"
#include "parallel.h"

namespace bag_of_tricks {

// Beyond the picture lie zeros, as after tf.pad, and they take part: a window may be won by one.
constexpr uint8_t padding_won = 255;  // and so no cell has this number
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
INLINED void max_pool_pixel(const Pool& pool, const T* picture, int64_t oh, int64_t ow, T* y, uint8_t* index) {
  float value[strip], best[strip];
  int32_t winner[strip];
  for (int64_t c = 0; c < pool.channels; c += strip) {
    const int64_t count = std::min(strip, pool.channels - c);
    for (int64_t cell = 0; cell < pool.window_height * pool.window_width; ++cell) {
      const int64_t h = oh * pool.stride_height - pool.top + cell / pool.window_width;
      const int64_t w = ow * pool.stride_width - pool.left + cell % pool.window_width;
      const bool inside = h >= 0 && h < pool.height && w >= 0 && w < pool.width;
      const int32_t name = inside ? static_cast<int32_t>(cell) : padding_won;
      if (inside) {
        const T* x = picture + (h * pool.width + w) * pool.channels + c;
        each(count, [&value, x](int64_t i) LOOP { value[i] = widen(x[i]); });
      } else {
        each(count, [&value](int64_t i) LOOP { value[i] = 0; });
      }
      if (cell == 0) each(count, [&](int64_t i) LOOP { best[i] = value[i], winner[i] = name; });
      each(count, [&](int64_t i) LOOP {
        // The first of equals stays; the first NaN beats all.
        const bool wins = (value[i] > best[i]) | ((value[i] != value[i]) & (best[i] == best[i]));
        best[i] = wins ? value[i] : best[i];
        winner[i] = wins ? name : winner[i];
      });
    }
    each(count, [&, y](int64_t i) LOOP { y[c + i] = narrow<T>(best[i]); });
    each(count, [&, index](int64_t i) LOOP { index[c + i] = static_cast<uint8_t>(winner[i]); });
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

// The first window that covers a place p: the smallest o >= 0 with p < o * stride + window.
INLINED int64_t first_window(int64_t place, int64_t window, int64_t stride) {
  return place < window ? 0 : (place - window) / stride + 1;
}

// Gathers: each value of dx asks the windows it lies in whether it won there, so that it is written once and by one
// thread.
template <class T>
INLINED void max_pool_gradient_pixel(const Pool& pool, const T* dy, const T* dy2, const uint8_t* index, int64_t h,
                                     int64_t w, T* dx) {
  const int64_t top = h + pool.top, left = w + pool.left, columns = pool.out_width();
  const int64_t last_row = std::min(top / pool.stride_height, pool.out_height() - 1);
  const int64_t last_column = std::min(left / pool.stride_width, columns - 1);
  float sum[strip];
  uint32_t won[strip];
  for (int64_t c = 0; c < pool.channels; c += strip) {
    const int64_t count = std::min(strip, pool.channels - c);
    each(count, [&](int64_t i) LOOP { sum[i] = 0; });
    for (int64_t oh = first_window(top, pool.window_height, pool.stride_height); oh <= last_row; ++oh) {
      for (int64_t ow = first_window(left, pool.window_width, pool.stride_width); ow <= last_column; ++ow) {
        const int32_t cell =
            static_cast<int32_t>((top - oh * pool.stride_height) * pool.window_width + left - ow * pool.stride_width);
        const int64_t at = (oh * columns + ow) * pool.channels + c;
        // All bits or none: a mask of floats is what every processor can do.
        each(count, [&, index](int64_t i) LOOP { won[i] = index[at + i] == cell ? ~0u : 0u; });
        each(count, [&, dy](int64_t i) LOOP { sum[i] += float_of(bits_of(widen(dy[at + i])) & won[i]); });
        if (dy2) each(count, [&, dy2](int64_t i) LOOP { sum[i] += float_of(bits_of(widen(dy2[at + i])) & won[i]); });
      }
    }
    each(count, [&, dx](int64_t i) LOOP { dx[c + i] = narrow<T>(sum[i]); });
  }
}

// dy2 may be null; it is added to dy.
template <class T>
void max_pool_gradient(const Parallel& parallel, const Pool& pool, const T* dy, const T* dy2, const uint8_t* index,
                       T* dx) {
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
