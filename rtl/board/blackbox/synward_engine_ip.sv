// SPDX-License-Identifier: BSD-2-Clause
`include "synward_records.svh"

/// The HLS kernel synward_engine (hls/kernels) as IP or Vitis kernel: free running, one clock, a struct a beat. Its
/// arguments are its ports' names. For lint and Yosys alone: no way to a bitstream reads it.
(* blackbox *)
module synward_engine_ip (
    input  wire ap_clk,
    input  wire ap_rst_n,
    input  wire settings_TVALID,
    output wire settings_TREADY,
    input  wire [`SYNWARD_KERNEL_SETTING_W-1:0] settings_TDATA,
    input  wire questions_TVALID,
    output wire questions_TREADY,
    input  wire [`SYNWARD_KERNEL_QUESTION_W-1:0] questions_TDATA,
    output wire answers_TVALID,
    input  wire answers_TREADY,
    output wire [`SYNWARD_KERNEL_ANSWER_W-1:0] answers_TDATA
);
endmodule
