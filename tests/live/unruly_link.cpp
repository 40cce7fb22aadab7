// SPDX-License-Identifier: BSD-2-Clause
#include "live/unruly_link.hpp"

#include <poll.h>

#include <array>
#include <chrono>
#include <deque>
#include <optional>
#include <stdexcept>

#include "common/frame.hpp"
#include "common/rng.hpp"
#include "synward/sim/packet_port.hpp"

namespace synward::test {

namespace {

using Clock = std::chrono::steady_clock;

/// One in so many frames is sent twice, and one in so many waits.
constexpr std::uint32_t kOneIn = 8;
/// A frame that waits does so until so many others have passed, or so long.
constexpr unsigned kBehind = 3;
constexpr std::chrono::milliseconds kLongest{5};

struct Waiting {
  Bytes frame;
  unsigned behind = kBehind;
  Clock::time_point since = Clock::now();
};

}  // namespace

UnrulyLink::UnrulyLink(const Namespace& where, std::uint64_t seed) {
  std::optional<sim::PacketPort> client, card;
  where.run([&] {
    auto one = sim::PacketPort::open("client"), other = sim::PacketPort::open("card");
    if (!one || !other) throw std::runtime_error("the unruly link has no interfaces");
    client.emplace(std::move(*one));
    card.emplace(std::move(*other));
  });
  thread_ = std::thread([this, seed, client = std::move(*client), card = std::move(*card)]() mutable {
    Rng rng(seed);
    const std::array<std::array<sim::PacketPort*, 2>, 2> ways{{{&client, &card}, {&card, &client}}};
    std::array<std::deque<Waiting>, 2> waiting;
    while (!stop_) {
      std::array<pollfd, 2> fds{{{client.fd(), POLLIN, 0}, {card.fd(), POLLIN, 0}}};
      poll(fds.data(), fds.size(), 1);
      for (std::size_t way = 0; way < ways.size(); ++way) {
        const auto& [from, to] = ways[way];
        std::deque<Waiting>& late = waiting[way];
        from->receive(64, [&, to = to](std::span<const std::uint8_t> frame) {
          if (rng.u32() % kOneIn == 0) {
            late.push_back({Bytes(frame.begin(), frame.end())});
            ++delayed_;
            return;
          }
          to->send(frame);
          if (rng.u32() % kOneIn == 0) {
            to->send(frame);
            ++doubled_;
          }
          for (Waiting& one : late) one.behind -= one.behind == 0 ? 0 : 1;
        });
        while (!late.empty() && (late.front().behind == 0 || Clock::now() - late.front().since > kLongest)) {
          to->send(late.front().frame);
          late.pop_front();
        }
      }
    }
  });
}

UnrulyLink::~UnrulyLink() {
  stop_ = true;
  thread_.join();
}

}  // namespace synward::test
