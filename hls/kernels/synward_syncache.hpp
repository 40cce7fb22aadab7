// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <hls_stream.h>

#include "kernels/records.hpp"

namespace synward {

/// The kernel: the syncache alone, as synward_engine without its flow table: no flow is ever known or added. Takes a
/// first, and gives one answer to each question, in order. Free running (ap_ctrl_none), all ports AXI4-Stream. Full
/// size: 2^14 syncache buckets, 2^16 flow buckets. Timers are questions too: TICK, TIMEOUT and VISIT of a sweeper.
void synward_syncache(hls::stream<EngineQuestion>& questions, hls::stream<EngineSetting>& settings,
                      hls::stream<EngineReply>& answers);

}  // namespace synward
