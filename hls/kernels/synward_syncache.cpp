// SPDX-License-Identifier: BSD-2-Clause
#include "kernels/synward_syncache.hpp"

#include "kernels/engine_processes.hpp"

namespace synward {

using SyncacheShape = KernelShape<kMaxLogBuckets, 0, false>;

// The meter (hls/meter) looks at each process by itself.
template void ingest_process<SyncacheShape>(hls::stream<EngineQuestion>&, hls::stream<EngineSetting>&,
                                            hls::stream<EngineConfig>&, hls::stream<EngineConfig>&,
                                            hls::stream<EngineConfig>&, hls::stream<EngineConfig>&, hls::stream<Item>&);
template void look_process<SyncacheShape>(hls::stream<Item>&, hls::stream<EngineConfig>&, hls::stream<Looked>&);
template void tables_process<SyncacheShape>(hls::stream<Looked>&, hls::stream<EngineConfig>&, hls::stream<Decided>&);
template void answer_process<SyncacheShape>(hls::stream<Decided>&, hls::stream<EngineConfig>&, hls::stream<Unsigned>&);
template void mark_process<SyncacheShape>(hls::stream<Unsigned>&, hls::stream<EngineConfig>&,
                                          hls::stream<EngineAnswer>&);

void synward_syncache(hls::stream<EngineQuestion>& questions, hls::stream<EngineSetting>& settings,
                      hls::stream<EngineAnswer>& answers) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS INTERFACE mode = axis port = questions
#pragma HLS INTERFACE mode = axis port = settings
#pragma HLS INTERFACE mode = axis port = answers
  engine_dataflow<SyncacheShape>(questions, settings, answers);
}

}  // namespace synward
