// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "common/card_under_test.hpp"
#include "common/contract.hpp"
#include "common/reply_view.hpp"

namespace synward::test {

/// A programmed card, and what clients and servers of either family (the parameter: IPv6) say to it.
class ConnectionTest : public testing::TestWithParam<bool> {
 protected:
  ConnectionTest() { program(card(), default_services(), default_secrets()); }

  sim::Card& card() { return under_test_.card(); }
  bool v6() const { return GetParam(); }
  void set(std::uint32_t sysctl, std::uint32_t value) { card().write32(sysctl, value); }
  std::uint32_t get(std::uint32_t offset) { return card().read32(offset); }
  std::uint64_t count(reg::Counter counter) { return read_counters(card())[counter]; }
  std::uint64_t count(reg::Drop reason) { return read_counters(card())[reason]; }

  std::vector<Sent> send(const FrameSpec& spec) { return under_test_.exchange(build(spec).bytes); }
  std::vector<Sent> send_from_host(const FrameSpec& spec) {
    return under_test_.exchange(build(spec).bytes, sim::InPort::host_rx);
  }
  /// What leaves in so many milliseconds.
  std::vector<Sent> run_ms(unsigned ms) {
    card().run_until(card().now() + static_cast<std::uint64_t>(std::ceil(ms * sim::kClockHz / 1000)));
    return under_test_.take();
  }

  /// A SYN of client port `port`, with all options.
  FrameSpec syn(std::uint16_t port = 40000) const {
    FrameSpec spec = plain_syn(v6());
    spec.sport = port;
    return spec;
  }
  /// Sends a SYN; the answer, which must come.
  ReplyView answer(const FrameSpec& spec) {
    const std::vector<Sent> sent = send(spec);
    EXPECT_EQ(sent.size(), 1u);
    if (sent.size() != 1) return {};
    EXPECT_EQ(sent[0].port, sim::OutPort::line_tx);
    return read_reply(sent[0].bytes);
  }
  /// A segment of the server back to the client of `syn`.
  static FrameSpec from_server(const FrameSpec& syn, std::uint8_t flags) {
    FrameSpec spec = syn;
    std::swap(spec.src, spec.dst);
    std::swap(spec.sport, spec.dport);
    spec.flags = flags;
    spec.options.clear();
    return spec;
  }
  /// The laws that hold at every rest.
  void expect_conserved() { EXPECT_EQ(conservation_faults(read_counters(card()), get(reg::kSyncacheCount)), ""); }

  CardUnderTest under_test_;
};

}  // namespace synward::test
