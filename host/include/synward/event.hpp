// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "synward/address.hpp"
#include "synward/device.hpp"
#include "synward/registers.hpp"

namespace synward {

/// Codes of what other systems log and a card does not; those of the card are reg::Event, below 32.
enum class ForeignEvent : std::uint8_t {
  closed_port = 32,     ///< FreeBSD, log_in_vain: a segment to a port that nobody listens on
  socket_failed = 33,   ///< FreeBSD: the handshake was complete, its socket could not be made
  other = 34,           ///< FreeBSD: another line about a segment to a listening port
  flood_cookies = 35,   ///< Linux: possible SYN flooding, sending cookies
  flood_dropping = 36,  ///< Linux: possible SYN flooding, dropping requests
  queue_full = 37,      ///< FreeBSD: listen queue overflow; args: how many waited
  // FreeBSD: answers were held back; args: how many a second were wanted, and allowed.
  limited_unreach = 38,  ///< of ICMP, to UDP at closed ports
  limited_ping = 39,
  limited_closed = 40,  ///< RSTs of closed ports
  limited_other = 41,
};
inline constexpr unsigned kEventCodes = 32;

/// Whose cookie an ACK brought (theory of operation, section 2), as far as the host can tell.
enum class CookieOrigin : std::uint8_t {
  unknown,  ///< not looked at
  none,     ///< of no key that the host remembers
  current,  ///< of a key in use: the cookie is good, but the card had no reason to look at it
  retired,  ///< of a key that has been replaced: the ACK came too late
};

/// Something that happened to a segment: an event of the card, or what a line of a log says.
struct LogEvent {
  unsigned code = 0;                        ///< reg::Event or ForeignEvent; 0: the note alone
  unsigned note = 0;                        ///< of reg::kNotes, from 1; 0: none
  std::optional<double> time;               ///< s, from an origin that all events of an era share
  std::uint16_t era = 0;                    ///< of the source: a log may tell times of several clocks, or boots
  std::optional<IpAddress> foreign, local;  ///< nothing: not told
  std::uint16_t fport = 0, lport = 0;       ///< 0: not told
  std::optional<std::uint16_t> flags;       ///< TCP flags, FIN in bit 0
  std::array<std::uint32_t, 3> args{};      ///< by code (reg::EventInfo::args)
  std::uint64_t times = 1;                  ///< how often, where a log sums up
  CookieOrigin cookie = CookieOrigin::unknown;
  double late_s = 0;  ///< cookie retired: how long before

  bool is(reg::Event event) const { return code == static_cast<unsigned>(event); }
  bool is(ForeignEvent event) const { return code == static_cast<unsigned>(event); }
};

/// The name of a code: that of registers.toml, or of ForeignEvent. Empty where there is none.
std::string_view event_name(unsigned code);
/// The code of a name.
std::optional<unsigned> event_code(std::string_view name);

/// Takes events out of a card's ring, oldest first.
class EventReader {
 public:
  /// Appends at most `most` events to `out`, and takes them away from the card. Times are seconds of the card's clock,
  /// from its zero on, across the wrap of TIME_MS.
  void read(Device& device, std::size_t most, std::vector<LogEvent>& out);
  /// The card's clock now, on the same scale, s.
  double now(Device& device);

 private:
  double seconds(std::uint32_t time_ms);

  std::optional<std::uint64_t> last_ms_;
};

/// Events that the card's ring has refused since reset, by code.
std::array<std::uint32_t, kEventCodes> read_lost_events(Device& device);

}  // namespace synward
