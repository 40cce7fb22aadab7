// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <hls_stream.h>

#include "kernels/records.hpp"

namespace synward {

/// The kernel: everything behind the engine's socket. Takes a setting or a question every other clock at best, settings
/// first, and gives one answer to each question, in order. Free running (ap_ctrl_none), all ports AXI4-Stream. Full
/// size: 2^14 syncache buckets, 2^16 flow buckets. Timers are questions too: TICK, TIMEOUT and VISIT of a sweeper.
void synward_engine(hls::stream<EngineQuestion>& questions, hls::stream<EngineSetting>& settings,
                    hls::stream<EngineReply>& answers);

}  // namespace synward
