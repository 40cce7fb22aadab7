// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/syn_latency.hpp"

#include <algorithm>

namespace synward::sim {

void SynLatency::syn(const TcpView& view, std::uint64_t cycle) {
  while (!pending_.empty() && pending_.front().cycle + kWindow < cycle) {
    pending_.pop_front();
  }
  pending_.push_back({view.flow, view.seq, cycle});
}

void SynLatency::syn_ack(const TcpView& view, std::uint64_t cycle) {
  const Flow flow = view.flow.reversed();
  const auto matches = [&](const Pending& syn) {
    return syn.irs + 1 == view.ack && syn.cycle <= cycle && syn.flow == flow;
  };
  const auto found = std::ranges::find_if(pending_, matches);
  if (found == pending_.end()) {
    return;
  }
  const auto latency = cycle - found->cycle;
  (flow.source.v6 ? ipv6_ : ipv4_).add(latency);
  all_.add(latency);
  // Those before it were dropped or passed: answers keep the order.
  pending_.erase(pending_.begin(), found + 1);
}

}  // namespace synward::sim
