// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "synward/sim/random.hpp"
#include "synward/sim/scenario.hpp"
#include "synward/sim/syn_options.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// Addresses of the simulated Ethernet: everybody on the internet is behind one router.
inline constexpr Mac kRouterMac{0x02, 0, 0, 0, 0, 0x01};
inline constexpr Mac kServerMac{0x02, 0, 0, 0, 0, 0x02};

/// One attacker: when its frames come and what they hold. Times are wire units (clock.hpp).
class Attacker {
 public:
  Attacker(const AttackerSpec& spec, std::uint64_t seed);

  /// When the next frame is due, given when the line is free; nothing once the attack is over.
  std::optional<std::uint64_t> due(std::uint64_t line_free) const;
  /// Builds the next frame. Valid until the next call.
  const std::vector<std::uint8_t>& next();

  const AttackerSpec& spec() const { return spec_; }
  std::uint64_t frames() const { return frames_; }

 private:
  void fill_common();
  void build_syn();
  void build_ack();
  void build_malformed();
  void build_rst();
  void build_icmp();
  void build_again();
  void mutate(std::uint32_t how);

  AttackerSpec spec_;
  Random random_;
  std::uint64_t start_, stop_;
  std::uint64_t frames_ = 0;
  OptionBytes options_;  ///< what fields_.options refers to, until the next frame
  TcpFields fields_;
  std::vector<std::uint8_t> frame_;
};

/// A random address within a prefix.
IpAddress random_address(const IpPrefix& prefix, Random& random);

}  // namespace synward::sim
