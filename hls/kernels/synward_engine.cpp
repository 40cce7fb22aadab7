// SPDX-License-Identifier: BSD-2-Clause
#include "kernels/synward_engine.hpp"

#include "kernels/engine_processes.hpp"

namespace synward {

using EngineShape = KernelShape<kMaxLogBuckets, kMaxLogFlows, true>;

// The meter (hls/meter) looks at each process by itself.
template void ingest_process<EngineShape>(hls::stream<EngineQuestion>&, hls::stream<EngineSetting>&,
                                          hls::stream<EngineConfig>&, hls::stream<EngineConfig>&,
                                          hls::stream<EngineConfig>&, hls::stream<EngineConfig>&, hls::stream<Item>&);
template void look_process<EngineShape>(hls::stream<Item>&, hls::stream<EngineConfig>&, hls::stream<Looked>&);
template void tables_process<EngineShape>(hls::stream<Looked>&, hls::stream<EngineConfig>&, hls::stream<Decided>&);
template void answer_process<EngineShape>(hls::stream<Decided>&, hls::stream<EngineConfig>&, hls::stream<Unsigned>&);
template void mark_process<EngineShape>(hls::stream<Unsigned>&, hls::stream<EngineConfig>&, hls::stream<EngineReply>&);

void synward_engine(hls::stream<EngineQuestion>& questions, hls::stream<EngineSetting>& settings,
                    hls::stream<EngineReply>& answers) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS INTERFACE mode = axis port = questions
#pragma HLS INTERFACE mode = axis port = settings
#pragma HLS INTERFACE mode = axis port = answers
// Bit by bit: rtl/act/synward_kernel_ports.sv.
#pragma HLS AGGREGATE variable = questions compact = bit
#pragma HLS AGGREGATE variable = settings compact = bit
#pragma HLS AGGREGATE variable = answers compact = bit
// In the top itself: a top that only called the region would wait for the end of each call before the next.
#pragma HLS DATAFLOW disable_start_propagation
  static hls::stream<EngineConfig> look_config;
  static hls::stream<EngineConfig> tables_config;
  static hls::stream<EngineConfig> answer_config;
  static hls::stream<EngineConfig> mark_config;
  static hls::stream<Item> items;
  static hls::stream<Looked> looked;
  static hls::stream<Decided> decided;
  static hls::stream<Unsigned> answered;
#pragma HLS STREAM variable = look_config depth = 2
#pragma HLS STREAM variable = tables_config depth = 2
#pragma HLS STREAM variable = answer_config depth = 2
#pragma HLS STREAM variable = mark_config depth = 2
#pragma HLS STREAM variable = items depth = 16
#pragma HLS STREAM variable = looked depth = 16
#pragma HLS STREAM variable = decided depth = 16
#pragma HLS STREAM variable = answered depth = 16
  ingest_process<EngineShape>(questions, settings, look_config, tables_config, answer_config, mark_config, items);
  look_process<EngineShape>(items, look_config, looked);
  tables_process<EngineShape>(looked, tables_config, decided);
  answer_process<EngineShape>(decided, answer_config, answered);
  mark_process<EngineShape>(answered, mark_config, answers);
}

}  // namespace synward
