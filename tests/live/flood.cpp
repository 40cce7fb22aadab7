// SPDX-License-Identifier: BSD-2-Clause
#include "live/flood.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "common/frame.hpp"
#include "common/rng.hpp"
#include "live/sniffer.hpp"

namespace synward::test {

Flood::Flood(const LiveNetwork& network, double per_second, double seconds, std::uint64_t seed) {
  FrameSpec syn;
  syn.mac_dst = mac_of(network.server, "eth0");
  syn.mac_src = mac_of(network.client, "eth0");
  syn.src = address("192.0.2.1");
  syn.dst = address("10.99.0.2");
  syn.sport = 1024;
  syn.dport = 80;
  syn.flags = kSyn;
  syn.options = concat({opt_mss(1460), opt_sack(), opt_ts(1, 0), opt_nop(), opt_ws(7)});
  FileDescriptor socket;
  network.client.run([&] {
    socket = FileDescriptor(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    sockaddr_ll at{};
    at.sll_family = AF_PACKET;
    at.sll_ifindex = static_cast<int>(if_nametoindex("eth0"));
    const int bypass = 1;
    setsockopt(socket.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof bypass);
    if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
      throw std::runtime_error("the flood cannot be sent");
  });
  thread_ = std::thread([this, syn, per_second, seconds, seed, socket = std::move(socket)]() mutable {
    using Clock = std::chrono::steady_clock;
    Rng rng(seed);
    Frame frame = build(syn);
    const auto start = Clock::now();
    for (double passed = 0; passed < seconds && !stop_;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      passed = std::chrono::duration<double>(Clock::now() - start).count();
      // What a busy machine has missed is not made up for beyond 20 ms: the rate is the point.
      const double due = per_second * passed;
      double count = std::min(due - static_cast<double>(sent_), per_second / 50);
      for (; count >= 1; --count) {
        std::uint8_t* ip = frame.bytes.data() + frame.l3;
        const std::uint32_t from = rng.u32();
        // Never of the networks at hand, nor of those that hosts refuse.
        ip[12] = static_cast<std::uint8_t>(11 + from % 100);
        std::memcpy(ip + 13, &from, 3);
        std::uint8_t* tcp = frame.bytes.data() + frame.l4;
        const std::uint32_t isn = rng.u32();
        std::memcpy(tcp, &isn, 2);
        tcp[0] |= 4;
        std::memcpy(tcp + 4, &isn, 4);
        fix_checksums(frame);
        if (send(socket.get(), frame.bytes.data(), frame.bytes.size(), 0) > 0) ++sent_;
      }
    }
  });
}

Flood::~Flood() { stop(); }

std::uint64_t Flood::stop() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  return sent_;
}

}  // namespace synward::test
