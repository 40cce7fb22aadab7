// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "synward/address.hpp"
#include "synward/expected.hpp"
#include "synward/secrets.hpp"

namespace synward::control {

// The control channel: what daemon and agents say to each other through the card's mailbox (docs/handoff.md, "Control
// channel", has the bytes). The card knows nothing of it.

inline constexpr std::uint16_t kEtherType = 0x88b5;
inline constexpr std::uint8_t kVersion = 1;
/// Of the whole frame with its Ethernet header and two VLAN tags, bytes.
inline constexpr std::size_t kLongestFrame = 256;
inline constexpr std::size_t kRecordsPerPage = 6;
inline constexpr std::size_t kMostPages = 8;
inline constexpr std::size_t kMostRecords = kRecordsPerPage * kMostPages;

/// What stands behind version 1. Statuses (1) are for the card itself.
enum class Type : std::uint8_t { heartbeat = 2, beacon = 3 };

/// Why a listener can be handed over or not, as a record has it. `address`: no listener, an address that the server
/// has.
enum class Verdict : std::uint8_t { protect = 0, mptcp = 1, md5 = 2, ao = 3, kernel = 4, address = 5 };
inline constexpr std::size_t kVerdicts = 6;

/// A verdict's name in JSON, and for people why a listener passes and what helps; empty for protect and address.
struct VerdictInfo {
  std::string_view name, why, cure;
};
const VerdictInfo& info(Verdict verdict);

/// A listener, at one address of the server's; or an address (port 0).
struct Record {
  IpAddress address;
  std::uint16_t port = 0;
  Verdict verdict = Verdict::protect;
  std::uint16_t mss4 = 0, mss6 = 0;  ///< bytes
  std::uint16_t window = 0;          ///< of the SYN-ACK, bytes
  std::uint8_t wscale = 0;           ///< RCV.WSCALE, 0..14
  bool timestamps = false, sack = false, window_scaling = false, ecn = false;

  bool operator==(const Record&) const = default;
};

/// One page of what an agent says of its server.
struct Heartbeat {
  std::uint64_t agent = 0;     ///< the same for as long as the server has this interface
  std::uint64_t boot = 0;      ///< drawn when the agent starts
  std::uint64_t sequence = 0;  ///< of the agent's frames, from 1 on
  std::uint64_t nonce = 0;     ///< of the beacon that it answers; 0: no beacon has come
  std::uint64_t table = 0;     ///< table_hash() of all records of all pages
  std::uint8_t page = 0, pages = 1;
  bool incomplete = false;  ///< the server has more than kMostRecords: what is missing says nothing
  std::vector<Record> records;

  bool operator==(const Heartbeat&) const = default;
};

/// What becomes of a control frame from the servers at the daemon. Only `taken` changes anything.
enum class MailFate : std::uint8_t { taken, malformed, forged, too_old, replayed, deaf, crowded };
inline constexpr std::size_t kMailFates = 7;
struct MailFateInfo {
  std::string_view name, text;
};
const MailFateInfo& info(MailFate fate);

/// What a card's daemon says to its servers, once a second.
struct Beacon {
  std::uint64_t card = 0;      ///< drawn when the daemon starts
  std::uint64_t nonce = 0;     ///< drawn for each second, never 0
  std::uint32_t ms = 0;        ///< of the daemon, from its start on
  std::uint16_t services = 0;  ///< entries that the card uses
  std::uint16_t room = 0;      ///< entries that it has
  bool learns = false;         ///< listeners become services
  bool holds = false;          ///< net.synward.agent_lost is hold
  bool operator==(const Beacon&) const = default;
};

using Mac = std::array<std::uint8_t, 6>;
/// Where beacons go: every agent listens there.
inline constexpr Mac kMulticast{0x03, 0x53, 0x59, 0x4e, 0x57, 0x44};
/// Where a beacon comes from, and heartbeats go: made of what the tag protects, so that nobody draws them elsewhere.
Mac card_mac(std::uint64_t card);

/// A tag of 64 bits: SipHash-2-4. Throws std::runtime_error where OpenSSL has none.
std::uint64_t sip_tag(const Key& key, std::span<const std::uint8_t> bytes);
/// Of the records of all pages, in their order.
std::uint64_t table_hash(const Key& key, std::span<const Record> records);

/// Whole frames, at least 60 bytes. `vlan`: 0, no tag; else the tag's 12 bits.
std::vector<std::uint8_t> to_frame(const Heartbeat& heartbeat, const Key& key, const Mac& to, const Mac& from);
std::vector<std::uint8_t> to_frame(const Beacon& beacon, const Key& key, std::uint16_t vlan = 0);

/// The pages for a table, one heartbeat each, but for sequence numbers. Of more than kMostRecords the first.
std::vector<Heartbeat> pages_of(std::span<const Record> records, const Key& key, Heartbeat common);

/// What stands in front of a frame's content, and where that begins.
struct Envelope {
  Mac to{}, from{};
  std::uint16_t vlan = 0;  ///< of the outermost tag
  std::span<const std::uint8_t> content;
};
/// Nothing where the frame is no control frame.
std::optional<Envelope> open_envelope(std::span<const std::uint8_t> frame);

enum class Flaw : std::uint8_t { none, malformed, forged };

/// Reads what stands behind the EtherType. The tag is looked at before anything that it protects, but for the length;
/// `keys` are tried in their order, `used` says which one it was.
template <typename T>
struct Read {
  Flaw flaw = Flaw::malformed;
  T value{};
  std::size_t key = 0;
};
Read<Heartbeat> read_heartbeat(std::span<const std::uint8_t> content, std::span<const Key* const> keys);
Read<Beacon> read_beacon(std::span<const std::uint8_t> content, std::span<const Key* const> keys);

}  // namespace synward::control
