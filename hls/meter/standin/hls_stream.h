// SPDX-License-Identifier: BSD-2-Clause
// Stands in for Vitis HLS's header of this name while a process is measured: a stream is the item that is in it.
#pragma once

namespace hls {

template <typename T>
class stream {
 public:
  bool empty() const { return empty_; }
  T read() { return in_; }
  void write(const T& item) { out_ = item; }

 private:
  T in_;
  T out_;
  bool empty_;
};

}  // namespace hls
