// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "synward/expected.hpp"

namespace synward::test {

/// Makes of a client's recorded handshakes what the same client would have sent had the card answered it. Reads the
/// client's frames and the card's SYN-ACKs, and writes the frames behind the SYNs, with ACK number and TSecr moved from
/// the recorded server's ISS and clock to the card's.
Expected<void> answer_to_card(const std::string& recorded, const std::string& syn_acks, const std::string& out);

}  // namespace synward::test
