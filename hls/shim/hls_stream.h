// SPDX-License-Identifier: BSD-2-Clause
// Stands in for Vitis HLS's header of this name where there is no Vitis: only what the kernels here use.
#pragma once

#include <cassert>
#include <deque>

namespace hls {

/// A FIFO between two processes. As in hardware, what is not there cannot be read.
template <typename T>
class stream {
 public:
  stream() = default;
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  bool empty() const { return items_.empty(); }
  T read() {
    assert(!items_.empty());
    const T item = items_.front();
    items_.pop_front();
    return item;
  }
  void write(const T& item) { items_.push_back(item); }

 private:
  std::deque<T> items_;
};

}  // namespace hls
