// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/frame.hpp"
#include "common/setup.hpp"
#include "synward/registers.hpp"

namespace synward::test {

enum class Outcome : std::uint8_t { pass, drop, answer, mark };

/// One frame from the line and what becomes of it, by a row of the table in docs/theory-of-operation.md, section 1.
/// Holds with an idle card just loaded with default_services() and default_secrets(), for every card.
struct ContractCase {
  int row = 0;
  std::string name;
  Bytes frame;
  Outcome outcome = Outcome::pass;
  std::optional<reg::Drop> reason;                               ///< of a drop
  std::vector<reg::Counter> counts;                              ///< what counts one besides
  std::optional<reg::Event> event;                               ///< what is recorded
  bool secrets = true;                                           ///< false: the card has no mark key
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sysctls;  ///< register and value, default elsewhere
};

/// For messages.
std::ostream& operator<<(std::ostream& out, const ContractCase& test);

/// At least one case for every row, both families where the row has both, and the edges on either side.
std::vector<ContractCase> contract_cases();

/// A plain SYN of a client to the first service of the family, with all options.
FrameSpec plain_syn(bool v6);
/// The ACK that ends the handshake plain_syn() starts, with a valid cookie under default_secrets(), parity 0.
FrameSpec plain_ack(bool v6);

}  // namespace synward::test
