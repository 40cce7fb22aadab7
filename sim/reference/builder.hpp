// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reference/bytes.hpp"
#include "synward/records.hpp"

namespace synward::reference {

/// The SYN-ACK to a SYN (theory of operation, section 2), padded to 60 bytes, without FCS.
Bytes build_syn_ack(const ContextRecord& context, const VerdictRecord& verdict);

/// The marked bare ACK that hands a validated connection to the host (section 3), without FCS.
Bytes build_marked_ack(const ContextRecord& context, const VerdictRecord& verdict);

}  // namespace synward::reference
