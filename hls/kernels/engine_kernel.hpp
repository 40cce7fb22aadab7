// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <hls_stream.h>

#include "kernels/engine_pipeline.hpp"

namespace synward {

/// A request, and the room that there is at its clock.
struct EngineQuestion {
  RequestRecord request;
  Room room;
};

/// The kernel: takes a setting and a question an iteration, if there are any, and gives one answer to each question, in
/// order. Free running (ap_ctrl_none), all ports AXI4-Stream. Full size: 2^14 syncache buckets, 2^16 flow buckets.
void engine_kernel(hls::stream<EngineQuestion>& questions, hls::stream<EngineSetting>& settings,
                   hls::stream<EngineAnswer>& answers);

}  // namespace synward
