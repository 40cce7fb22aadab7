// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "synward/control_frame.hpp"
#include "synward/expected.hpp"
#include "synward/handoff_settings.hpp"
#include "synward/secrets.hpp"

namespace synward {

using control::kMailFates;
using control::MailFate;

/// A server as its agent says it is.
struct Agent {
  std::uint64_t id = 0, boot = 0;
  std::string server{};  ///< name of its [[handoff.server]]; empty: it has the common key
  control::Mac mac{};
  std::uint16_t vlan = 0;
  std::chrono::milliseconds heard{}, table_at{};  ///< steady: the last frame that was taken, the last whole table
  bool whole = false;                             ///< there was a table
  bool lost = false;                              ///< there was, and it is too old
  bool incomplete = false;                        ///< the server has more listeners than a table takes
  std::uint64_t out_of_bounds = 0;                ///< records of the last table that the bounds do not allow
  std::vector<control::Record> records{};         ///< those that they do
};

/// How a server is called in a line of text.
std::string agent_text(const Agent& agent);
/// As "02:00:00:00:00:07".
std::string to_string(const control::Mac& mac);

/// Something that the operator is told of.
struct AgentChange {
  enum class What : std::uint8_t { first, lost, back, restarted, bounds, replaced };
  What what;
  Agent agent;
};

/// Who speaks for the servers, and what they say: beacons out, heartbeats in. It keeps what is needed to tell a fresh
/// frame from an old one, in memory alone. Belongs to one thread.
class AgentBook {
 public:
  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds kNonceLife{3'000};  ///< a heartbeat answers a beacon that is at most so old
  static constexpr Milliseconds kPagesWithin{1'000};
  static constexpr Milliseconds kLostAfter{3'000};  ///< without a whole table
  static constexpr Milliseconds kStall{1'000};      ///< the daemon itself was away: nobody else's silence
  static constexpr std::size_t kMostAgents = 64;    ///< of a key; of more those that are silent the longest make way

  /// Whoever may announce, with a key of 128 bits and bounds.
  struct Peer {
    std::string name;
    HandoffBounds bounds;
    Key key;
    std::optional<Key> former{};
  };

  AgentBook();

  /// The peers that a configuration names, with their keys. Errors: those of the key files.
  static Expected<std::vector<Peer>> read_peers(const HandoffSettings& settings);

  /// The keys that count from now on. A peer whose key is another than before: the former one counts too, until the
  /// next. Agents of peers that are gone are forgotten.
  void set_peers(std::vector<Peer> peers);
  bool empty() const { return peers_.empty(); }

  /// Beacons for all keys, with a fresh nonce. Error: no random numbers.
  Expected<std::vector<std::vector<std::uint8_t>>> beacons(control::Beacon beacon, std::span<const std::uint16_t> vlans,
                                                           Milliseconds now);
  /// A frame from the mailbox.
  MailFate take(std::span<const std::uint8_t> frame, Milliseconds now);
  /// Finds out who is lost. To be called once a second at least; what happened since the last call.
  std::vector<AgentChange> run(Milliseconds now);
  /// The card was away: what was not heard meanwhile means nothing.
  void excuse(Milliseconds now);

  const std::vector<Agent>& agents() const { return agents_; }
  std::size_t lost() const;
  std::uint64_t count(MailFate fate) const { return counts_[static_cast<std::size_t>(fate)]; }
  /// Records that the bounds did not allow, ever.
  std::uint64_t out_of_bounds() const { return out_of_bounds_; }
  std::uint64_t card() const { return card_; }
  /// Grows with each whole table that differs, and with each agent that is lost or comes back.
  std::uint64_t generation() const { return generation_; }

 private:
  struct Nonce {
    std::uint64_t value = 0, order = 0;
    Milliseconds at{};
  };
  /// Pages of a table that is not whole yet.
  struct Pages {
    std::uint64_t order = 0, boot = 0, sequence = 0, table = 0;
    std::uint8_t count = 0;
    bool incomplete = false;
    Milliseconds begun{};
    std::array<std::optional<std::vector<control::Record>>, control::kMostPages> pages{};
    bool done = false;
  };

  void forget(std::size_t at);
  /// Room for one agent more of a peer; false: all of them are there.
  bool make_room(const std::string& server, Milliseconds now);
  /// Whoever is lost, while another agent of its peer has all of its addresses: the server has another network card,
  /// or its container began anew.
  void forget_replaced();
  MailFate judge(std::span<const std::uint8_t> frame, Milliseconds now);
  MailFate take_page(Agent& agent, Pages& pages, control::Heartbeat& heartbeat, std::uint64_t order, const Key& key,
                     const HandoffBounds& bounds, const control::Envelope& envelope, Milliseconds now);
  void take_table(Agent& agent, std::vector<control::Record> records, bool incomplete, const HandoffBounds& bounds,
                  Milliseconds now);

  std::vector<Peer> peers_;
  std::uint64_t card_ = 0;
  std::deque<Nonce> nonces_;
  std::uint64_t order_ = 0;
  std::vector<Agent> agents_;
  std::vector<Pages> pages_;  ///< of the agent in the same place
  std::vector<AgentChange> changes_;
  std::array<std::uint64_t, kMailFates> counts_{};
  std::uint64_t out_of_bounds_ = 0, generation_ = 0;
  std::optional<Milliseconds> last_run_;
};

}  // namespace synward
