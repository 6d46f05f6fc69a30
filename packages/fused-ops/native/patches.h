// What a convolution's filter sees at each place, as the rows of a matrix, and back: with it a convolution is one
// matrix product over the whole batch. For pictures of a few pixels that beats going through them one by one many times
// over.
#pragma once
#include <vector>

#include "max_pool.h"

namespace bag_of_tricks {

// Zeros lie beyond the picture. Row: a place of the result. Column: a cell of the filter, and in it a channel.
template <class T, class Column>
void patches(const Parallel& parallel, const Pool& filter, const T* x, Column* columns) {
  const int64_t rows = filter.out_height(), places = filter.out_width(), channels = filter.channels;
  const int64_t width = filter.window_height * filter.window_width * channels;
  parallel.split(filter.batch * rows, parallel.parts(filter.batch * rows * places * width),
                 [&](int64_t, int64_t begin, int64_t end) {
                   vectorized([=, &filter]() LOOP {
                     for (int64_t row = begin; row < end; ++row) {
                       const T* picture = x + row / rows * filter.height * filter.width * channels;
                       for (int64_t place = 0; place < places; ++place) {
                         Column* to = columns + (row * places + place) * width;
                         for (int64_t kh = 0; kh < filter.window_height; ++kh) {
                           for (int64_t kw = 0; kw < filter.window_width; ++kw, to += channels) {
                             const int64_t h = row % rows * filter.stride_height - filter.top + kh;
                             const int64_t w = place * filter.stride_width - filter.left + kw;
                             const bool inside = h >= 0 && h < filter.height && w >= 0 && w < filter.width;
                             const T* from = picture + (inside ? (h * filter.width + w) * channels : 0);
                             if (inside)
                               each(channels, [=](int64_t c) LOOP { to[c] = narrow<Column>(widen(from[c])); });
                             else
                               each(channels, [=](int64_t c) LOOP { to[c] = Column{}; });
                           }
                         }
                       }
                     }
                   });
                 });
}

// Sums, for every place of the picture, the cells that lie on it. Gathers, so that each value is written once and by
// one thread.
template <class T>
void patches_gradient(const Parallel& parallel, const Pool& filter, const T* columns, T* dx) {
  const int64_t rows = filter.out_height(), places = filter.out_width(), channels = filter.channels;
  const int64_t width = filter.window_height * filter.window_width * channels;
  parallel.split(filter.batch * filter.height, parallel.parts(filter.batch * rows * places * width),
                 [&](int64_t, int64_t begin, int64_t end) {
                   std::vector<float> scratch(channels);
                   vectorized([=, &filter, sum = scratch.data()]() LOOP {
                     for (int64_t line = begin; line < end; ++line) {
                       for (int64_t w = 0; w < filter.width; ++w) {
                         each(channels, [=](int64_t c) LOOP { sum[c] = 0; });
                         for (int64_t kh = 0; kh < filter.window_height; ++kh) {
                           for (int64_t kw = 0; kw < filter.window_width; ++kw) {
                             const int64_t h = line % filter.height + filter.top - kh, v = w + filter.left - kw;
                             if (h < 0 || v < 0 || h % filter.stride_height || v % filter.stride_width) continue;
                             const int64_t row = h / filter.stride_height, place = v / filter.stride_width;
                             if (row >= rows || place >= places) continue;
                             const T* from = columns + ((line / filter.height * rows + row) * places + place) * width +
                                             (kh * filter.window_width + kw) * channels;
                             each(channels, [=](int64_t c) LOOP { sum[c] += widen(from[c]); });
                           }
                         }
                         store(dx + (line * filter.width + w) * channels, sum, channels);
                       }
                     }
                   });
                 });
}

}  // namespace bag_of_tricks
