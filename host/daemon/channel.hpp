// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "synward/file_descriptor.hpp"
#include "tls.hpp"

namespace synward {

/// A connected socket that does not block, in the clear or by TLS.
class Channel {
 public:
  enum class State { ready, waiting, ended };

  /// `session`: of this socket; none: in the clear.
  explicit Channel(FileDescriptor fd, TlsSession session = {}) : fd_(std::move(fd)), session_(std::move(session)) {}

  /// Appends at most `most` bytes of those that are there.
  State read(std::string& to, std::size_t most);
  /// Sends what can be sent now, and takes it from the front of `text`.
  State write(std::string_view& text);
  /// No more is sent.
  void end();

  int fd() const { return fd_.get(); }
  /// Events of poll(2) that something waits for that was `waiting`. By TLS, reading may have to wait for writing.
  short waits_for() const { return waits_for_; }

 private:
  State wait_or_end(int result, short events);

  FileDescriptor fd_;
  TlsSession session_;
  short waits_for_ = 0;
};

}  // namespace synward
