// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reference/bytes.hpp"
#include "synward/records.hpp"

namespace synward::reference {

/// Reads TCP options as FreeBSD's tcp_dooptions does (theory of operation, section 1). `syn`: the segment is a SYN;
/// MSS, window scale and SACK permitted count only there.
OptionsRecord read_options(ByteView options, bool syn);

}  // namespace synward::reference
