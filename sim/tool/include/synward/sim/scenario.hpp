// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "synward/address.hpp"
#include "synward/config.hpp"
#include "synward/expected.hpp"
#include "synward/sim/time_grid.hpp"

namespace synward::sim {

enum class AttackKind : std::uint8_t {
  syn_flood,
  ack_flood,
  malformed,
  rst_flood,   ///< RSTs with any numbers
  icmp_flood,  ///< ICMP errors that quote segments of the targets
  dup_syn      ///< each SYN four times
};
/// The words of scenario files, in the order of AttackKind.
inline constexpr std::array<std::string_view, 6> kAttackNames{"syn-flood", "ack-flood",  "malformed",
                                                              "rst-flood", "icmp-flood", "dup-syn"};

/// TCP options of a SYN, as certain senders write them.
enum class OptionStyle : std::uint8_t { none, mss, linux_like, windows_like, random };

/// One end that segments can be sent to.
struct Target {
  IpAddress address;
  std::uint16_t port;
};

/// `[[attacker]]`
struct AttackerSpec {
  AttackKind kind = AttackKind::syn_flood;
  std::optional<double> rate_mpps;  ///< million frames per second; nothing: whatever the line has left
  double start_us = 0, stop_us = 0;
  std::vector<IpPrefix> sources;  ///< one or more of each family that is sent
  std::vector<OptionStyle> options;
  std::vector<Target> targets;  ///< of the families that are sent
};

/// `[[clients]]`
struct ClientsSpec {
  std::uint64_t count = 0;           ///< connections in all; 0: by rate
  double rate_per_s = 0;             ///< new connections per second, at random times
  double start_us = 0, stop_us = 0;  ///< when connections begin
  double rtt_us = 100;               ///< between client and card, and back
  double syn_rto_us = 1'000'000;     ///< first SYN retransmission, doubled each time
  double rto_us = 200'000;           ///< retransmission of data, doubled each time
  std::uint32_t request_bytes = 100;
  std::uint32_t response_bytes = 1000;
  double ack_delay_us = 0;  ///< between the SYN-ACK and the client's answer to it
  bool lost = false;        ///< the clients are never heard of again once the SYN-ACK is there
  OptionStyle options = OptionStyle::linux_like;
  std::vector<IpPrefix> sources;
  std::vector<Target> targets;
};

/// `[server]`
struct ServerSpec {
  double delay_us = 5;              ///< from the card's last beat to the answer
  double rto_us = 200'000;          ///< retransmission of data, doubled each time
  std::uint32_t reset_limit = 200;  ///< RSTs in a second, as net.inet.icmp.icmplim
};

/// A scenario file.
struct Scenario {
  std::string name;
  double duration_us = 0;
  TimeGrid grid;         ///< the bins of what is plotted over time
  double linger_us = 0;  ///< time for connections to finish after the end of the attack
  double queue_us = 0;   ///< what would wait longer than this for the 100 Gb/s line is lost before it
  std::uint64_t seed = 1;
  Config card;  ///< random secrets have been replaced by secrets made from the seed
  std::vector<AttackerSpec> attackers;
  std::vector<ClientsSpec> clients;
  ServerSpec server;
};

/// Reads a scenario file. Errors are one line, "FILE:LINE: KEY: what".
Expected<Scenario> load_scenario(const std::string& path);

}  // namespace synward::sim
