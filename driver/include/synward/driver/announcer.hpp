// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "handoff.h"
#include "synward/address.hpp"
#include "synward/control_frame.hpp"
#include "synward/driver/server.hpp"
#include "synward/expected.hpp"
#include "synward/secrets.hpp"

namespace synward::driver {

/// What a server says of itself: its addresses, then its listeners at each of them.
struct Announcement {
  std::vector<control::Record> records;
  bool incomplete = false;  ///< there is more than was said
};

/// The addresses that frames of an interface may be for: its own and those of the loopback, but for those of one host
/// or link alone.
Expected<std::vector<IpAddress>> local_addresses(const std::string& interface);

/// What is to be said of these listeners. One without an address of its own stands at each of the server's, unless
/// another has that address, or that family, to itself. `kernel`: the kernel takes marks. `ifindex`: listeners that
/// are bound to another device are left out.
Announcement announcement(const std::vector<synward_listener>& listeners, const ServerSettings& settings,
                          const std::vector<IpAddress>& addresses, bool kernel, unsigned ifindex);

/// A number that stays the same for as long as the machine has this interface.
std::uint64_t agent_id(const std::string& interface, const control::Mac& mac);

/// The agent's end of the control channel, without its socket: it answers beacons.
class Announcer {
 public:
  using Milliseconds = std::chrono::milliseconds;
  using Frames = std::vector<std::vector<std::uint8_t>>;
  static constexpr Milliseconds kDeafAfter{1'500};  ///< without a beacon
  static constexpr std::size_t kMostCards = 8;
  static constexpr unsigned kMostAnswers = 16;  ///< a second, whatever comes

  struct Counts {
    std::uint64_t heartbeats = 0;  ///< frames
    std::uint64_t answered = 0;    ///< beacons
    std::uint64_t ignored = 0;     ///< beacons that had come before, or too many
    std::uint64_t refused = 0;     ///< frames that are no beacon with a right tag
    std::optional<Milliseconds> last_beacon{};
    std::size_t protect = 0, pass = 0;  ///< listeners of the last announcement
    bool incomplete = false;
  };

  /// `boot` is drawn for each start. `read` gives what is to be said, when it is to be said.
  Announcer(std::uint64_t agent, std::uint64_t boot, control::Mac mac, std::function<Announcement()> read)
      : agent_(agent), boot_(boot), mac_(mac), read_(std::move(read)) {}

  /// Copies them; `former` may be null.
  void set_keys(const Key& current, const Key* former);
  /// A frame with the channel's EtherType; what is to be sent for it.
  Frames hear(std::span<const std::uint8_t> frame, Milliseconds now);
  /// To be called once a second; where no beacon comes, one frame says that the agent is there.
  Frames tick(Milliseconds now);

  const Counts& counts() const { return counts_; }

 private:
  struct Card {
    std::uint32_t ms = 0;
    Milliseconds heard{};
  };

  bool is_news(const control::Beacon& beacon, Milliseconds now);
  Frames say(std::uint64_t nonce, const Key& key, const control::Mac& to);

  std::uint64_t agent_, boot_, sequence_ = 0;
  control::Mac mac_;
  std::function<Announcement()> read_;
  std::vector<Key> keys_;
  std::map<std::uint64_t, Card> cards_;
  unsigned answers_ = 0;  ///< in the second that is on
  Counts counts_;
};

}  // namespace synward::driver
