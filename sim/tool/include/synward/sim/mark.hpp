// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>

#include "synward/secrets.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// What the simulated server needs of a hand-off mark (theory of operation, section 3).
struct Mark {
  bool timestamps;
  std::uint16_t mss;
};
/// Reads the 12 bytes of a mark.
Mark read_mark(Bytes mark);

/// Checks the MAC of marks. Uses OpenSSL's SipHash, so that it shares nothing with the cards.
class MarkVerifier {
 public:
  /// Throws std::runtime_error where OpenSSL has no SipHash.
  explicit MarkVerifier(const Key& key);
  MarkVerifier(const MarkVerifier&) = delete;
  MarkVerifier& operator=(const MarkVerifier&) = delete;
  ~MarkVerifier();

  /// True where the MAC of `mark`, an option of `segment`, is right.
  bool right(const TcpView& segment, Bytes mark);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  const Key& key_;
};

}  // namespace synward::sim
