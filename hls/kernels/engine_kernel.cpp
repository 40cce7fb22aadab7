// SPDX-License-Identifier: BSD-2-Clause
#include "kernels/engine_kernel.hpp"

namespace synward {

namespace {

/// Iterations from the read of a bucket to the landing of its write: three of the URAM's read, one of the decision's
/// registers, one of the write, and one to spare.
constexpr unsigned kHistory = 6;

using Pipeline = EnginePipeline<TableMemory<SyncacheBucket, kMaxLogBuckets>, kMaxLogBuckets,
                                TableMemory<FlowBucket, kMaxLogFlows>, kMaxLogFlows, kHistory>;

}  // namespace

void engine_kernel(hls::stream<EngineQuestion>& questions, hls::stream<EngineSetting>& settings,
                   hls::stream<EngineAnswer>& answers) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS INTERFACE mode = axis port = questions
#pragma HLS INTERFACE mode = axis port = settings
#pragma HLS INTERFACE mode = axis port = answers
#pragma HLS PIPELINE II = 1 style = flp
  static Pipeline pipeline;
  pipeline.bind();
  if (!settings.empty()) pipeline.set(settings.read());
  EngineQuestion question = EngineQuestion();
  const bool asked = !questions.empty();
  if (asked) question = questions.read();
  const EngineAnswer answer = pipeline.step(question.request, question.room);
  if (asked) answers.write(answer);
}

}  // namespace synward
