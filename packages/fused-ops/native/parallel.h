// How kernels share their work out, without knowing whose threads they run on.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>

namespace bag_of_tricks {

struct Parallel {
  int threads;
  /** Calls the function with every number from 0 up to the first argument, on several threads. */
  std::function<void(int64_t, const std::function<void(int64_t)>&)> each;

  /** In how many parts to cut so many values: waking a thread for fewer than a few thousand costs more than it saves.
   */
  int64_t parts(int64_t values) const { return std::clamp<int64_t>(values / 8192, 1, threads); }

  /** Cuts [0, items) into contiguous parts and calls `body(part, begin, end)` for each. */
  template <class Body>
  void split(int64_t items, int64_t parts, const Body& body) const {
    const auto run = [&](int64_t part) { body(part, items * part / parts, items * (part + 1) / parts); };
    if (parts == 1) return run(0);
    each(parts, run);
  }
};

}  // namespace bag_of_tricks
