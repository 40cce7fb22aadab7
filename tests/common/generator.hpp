// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/frame.hpp"
#include "common/rng.hpp"
#include "common/setup.hpp"

namespace synward::test {

struct GeneratorConfig {
  std::vector<ServiceEntry> services = default_services();  ///< where most frames go
  Secrets secrets = default_secrets();                      ///< of which valid ACKs are made
  std::size_t longest = 20000;                              ///< no frame is longer, bytes
};

/// Frames from the line, well-formed and hostile, such that every row of the contract is hit often. One seed gives one
/// sequence, everywhere.
class FrameGenerator {
 public:
  explicit FrameGenerator(std::uint64_t seed, GeneratorConfig config = {});

  /// The next frame, 1 to `longest` bytes; valid until the call after.
  const Bytes& next();
  /// The next frame of the host's side: segments of the server in known connections, and anything else.
  const Bytes& next_from_host();
  /// The next control frame of the host: what an agent says of a known connection, or nearly that.
  const Bytes& next_status();
  /// The next control frame of the host for the card's own host, or nearly that.
  const Bytes& next_mail();
  /// What the last frame was meant to be, for messages.
  std::string_view kind() const { return kind_; }

 private:
  struct Kind {
    std::string_view name;
    unsigned weight;
    Frame (FrameGenerator::*make)();
  };
  static const std::vector<Kind>& kinds();
  static unsigned total_weight();

  /// A handshake that was begun: few clients, so that connections meet again in the card's tables.
  struct Talk {
    FrameSpec syn;
    std::uint32_t iss;  ///< of a card with cookies, if it accepted what its service allows
    std::uint32_t tsval;
    std::uint16_t window;  ///< of the service
  };

  const Kind& pick_kind();
  const Bytes& keep(Bytes bytes);

  // Parts.
  Address random_client(bool v6);
  FrameSpec base();
  FrameSpec to_service();
  Bytes syn_options();
  Bytes ack_options();
  Bytes odd_options();
  Bytes random_bytes(std::size_t count);
  void fill_options(Bytes& header);
  Extension random_extension();
  FrameSpec syn_spec();
  FrameSpec ack_spec();
  FrameSpec any_spec();

  // Conversations.
  const ServiceEntry* service_of(const FrameSpec& spec) const;
  Frame begin_talk();
  Frame duplicate_syn(Talk& talk);
  FrameSpec talk_ack(Talk& talk);
  Frame talk_wrong_ack(Talk& talk);
  Frame talk_rst(const Talk& talk);
  Frame talk_icmp(const Talk& talk);
  Frame talk_from_host(const Talk& talk);

  // Kinds of frames.
  Frame talk();
  Frame syn();
  Frame valid_ack();
  Frame near_miss_ack();
  Frame other_ack();
  Frame odd_flags();
  Frame syn_odd_options();
  Frame forged_mark();
  Frame vlan_depth();
  Frame other_ethertype();
  Frame other_protocol();
  Frame bad_ip_header();
  Frame bad_length();
  Frame bad_ip_checksum();
  Frame fragment_v4();
  Frame fragment_v6();
  Frame extension_chain();
  Frame bad_tcp_header();
  Frame bad_tcp_checksum();
  Frame bad_addresses();
  Frame group_mac();
  Frame self_connect();
  Frame garbage();
  Frame long_frame();
  Frame jumbo_frame();
  Frame oversize_frame();
  Frame mutated();
  Frame cut_or_extended();

  GeneratorConfig config_;
  Rng rng_;
  std::vector<Talk> talks_;
  Bytes bytes_;
  std::string_view kind_;
};

}  // namespace synward::test
