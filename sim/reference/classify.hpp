// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "reference/parse.hpp"
#include "synward/records.hpp"
#include "synward/registers.hpp"

namespace synward::reference {

inline constexpr std::size_t kServices = 32;

/// One entry of the service table. As a default it matches nothing.
struct Service {
  bool valid = false;
  Wide128 address{};       ///< IPv4 in the low 32 bits
  std::uint16_t port = 0;  ///< 0: any
  bool v4 = false;         ///< matches IPv4
  bool v6 = false;         ///< matches IPv6
  bool any = false;        ///< matches any address
  ServiceRecord answer{};

  bool matches_address(bool is_v6, const Wide128& dst) const;
  bool matches(bool is_v6, const Wide128& dst, std::uint16_t dport) const;
};

// Values of ServiceRecord::mode.
inline constexpr std::uint8_t kModePass = 0;
inline constexpr std::uint8_t kModeProtect = 1;
inline constexpr std::uint8_t kModeDrop = 2;

/// Everything besides the frame that decides its fate, short of the engine.
struct Settings {
  std::uint32_t rfc1323 = 1;
  bool sack_enable = true;
  bool drop_synfin = false;
  bool ecn_enable = true;
  bool fragments_drop = false;
  bool unclassified_drop = true;
  bool signed_drop = false;
  bool secrets_loaded = false;
  std::array<Service, kServices> services{};
};

enum class Action : std::uint8_t { pass, drop, syn, ack, rst, stray };

/// The fate of a frame by rows 1 to 27, short of what the engine has to say.
struct Classified {
  Action action = Action::pass;
  reg::Drop reason{};                 ///< of a drop
  bool badsyn = false;                ///< counts as a bad connection attempt too
  std::optional<reg::Event> event{};  ///< of a drop by rows 23 to 26, and of a stray that belongs to nothing
  const Service* service = nullptr;   ///< of what the engine is asked; lives in the Settings
  bool is_signed = false;             ///< passed by row 18a
};

/// The service at an end of a connection, or null; also where the secrets are not loaded.
const Service* find_service(bool v6, const Wide128& address, std::uint16_t port, const Settings& settings);

Classified classify(ByteView frame, const ParsedFrame& parsed, const Settings& settings);

}  // namespace synward::reference
