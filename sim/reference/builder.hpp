// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reference/bytes.hpp"
#include "synward/records.hpp"

namespace synward::reference {

/// What the card sends to the line: the SYN-ACK, challenge ACK or RST that `verdict` wants (theory of operation,
/// section 3), padded to 60 bytes, without FCS. `context` is of the frame that is answered; for a retransmission what
/// own_context() says.
Bytes build_reply(const ContextRecord& context, const VerdictRecord& verdict);

/// Puts in what the service says of the answers given in its name; `context` has the family.
void put_service(const ServiceRecord& service, ContextRecord& context);

/// What stands for the frame that is answered, where the timer sends. `service` is that of the entry.
ContextRecord own_context(const VerdictRecord& verdict, const ServiceRecord& service);

/// The marked bare ACK that hands a validated connection to the host (section 3), without FCS.
Bytes build_marked_ack(const ContextRecord& context, const VerdictRecord& verdict, std::uint32_t mark_mac);

}  // namespace synward::reference
