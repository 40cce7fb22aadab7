// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// A whole card but for what only a vendor has: kernel, two ports, one register bus of 64 KB. The plain Vivado design
/// and the simulated board are made of it. With SYNWARD_ENGINE_HLS defined its engine is the HLS kernel's IP, else the
/// RTL's. Register space: 0x0000 core, 0x1000 line port, 0x2000 host port.
module synward_line_card #(
    parameter int ClockHz = 302124023,
    parameter int LogServices = 5,
    parameter int LogBuckets = 14,
    parameter int LogFlows = 16,
    parameter int AlignMs = 1000,
    parameter int ResetClocks = 256,
    parameter int SteadyClocks = 1000,
    parameter int MsClocks = ClockHz / 1000  ///< clocks of clk_i in a millisecond, for the link watches
) (
    input  wire                 power_ni,  ///< asynchronous, at power-up: all clocks of the card
    input  wire                 clk_i,     ///< the core's
    input  wire                 bus_clk_i,
    input  synward_board_req_t  bus_i,
    output synward_axil_response_t  bus_o,
    output logic [1:0]          up_o,      ///< host port, line port

    input  wire                 line_clk_i,
    input  wire  [1:0]          line_resets_i,  ///< tx, rx
    input  synward_board_link_t line_link_i,
    input  wire  [3:0]          line_pulses_i,
    input  wire                 line_overflow_i,
    input  synward_beat_t line_rx_i,
    output synward_beat_t line_tx_o,
    input  wire                 line_tx_ready_i,
    output logic                line_reset_o,
    output logic [2:0]          line_loopback_o,
    output logic [3:0]          line_control_o,  ///< FEC, receiver on, transmitter on, RFI

    input  wire                 host_clk_i,
    input  wire  [1:0]          host_resets_i,
    input  synward_board_link_t host_link_i,
    input  wire  [3:0]          host_pulses_i,
    input  wire                 host_overflow_i,
    input  synward_beat_t host_rx_i,
    output synward_beat_t host_tx_o,
    input  wire                 host_tx_ready_i,
    output logic                host_reset_o,
    output logic [2:0]          host_loopback_o,
    output logic [3:0]          host_control_o
);
  wire rst_n;
  synward_reset_sync u_reset (.clk_i, .rst_ni(power_ni), .rst_no(rst_n));
  synward_board_req_t bus, core_bus, line_bus, host_bus;
  synward_axil_response_t answer, core_answer, line_answer, host_answer;
  synward_axil_crossing u_bus_crossing (
      .rst_ni(power_ni), .bus_clk_i, .bus_i, .bus_o, .far_clk_i(clk_i), .far_o(bus), .far_i(answer));
  synward_axil_split u_split (
      .clk_i, .rst_ni(rst_n), .bus_i(bus), .bus_o(answer), .core_o(core_bus), .core_i(core_answer), .line_o(line_bus),
      .line_i(line_answer), .host_o(host_bus), .host_i(host_answer));

  synward_beat_t line_in, line_out, host_in, host_out;
  wire line_ready, host_ready;
  wire [1:0] unused_ready;
  synward_port #(
      .MsClocks(MsClocks), .AlignMs(AlignMs), .ResetClocks(ResetClocks), .SteadyClocks(SteadyClocks)) u_line (
      .power_ni, .clk_i, .rst_ni(rst_n), .bus_i(line_bus), .bus_o(line_answer), .rx_o(line_in), .tx_i(line_out),
      .tx_ready_o(line_ready), .peer_up_i(up_o[1]), .up_o(up_o[0]), .mac_clk_i(line_clk_i),
      .mac_rx_reset_i(line_resets_i[0]), .mac_tx_reset_i(line_resets_i[1]), .mac_link_i(line_link_i),
      .mac_pulses_i(line_pulses_i), .mac_overflow_i(line_overflow_i), .mac_rx_i(line_rx_i), .mac_tx_o(line_tx_o),
      .mac_tx_ready_i(line_tx_ready_i), .mac_reset_o(line_reset_o), .mac_loopback_o(line_loopback_o),
      .mac_fec_o(line_control_o[3]), .mac_rx_enable_o(line_control_o[2]), .mac_tx_enable_o(line_control_o[1]),
      .mac_send_rfi_o(line_control_o[0]));
  synward_port #(
      .MsClocks(MsClocks), .AlignMs(AlignMs), .ResetClocks(ResetClocks), .SteadyClocks(SteadyClocks)) u_host (
      .power_ni, .clk_i, .rst_ni(rst_n), .bus_i(host_bus), .bus_o(host_answer), .rx_o(host_in), .tx_i(host_out),
      .tx_ready_o(host_ready), .peer_up_i(up_o[0]), .up_o(up_o[1]), .mac_clk_i(host_clk_i),
      .mac_rx_reset_i(host_resets_i[0]), .mac_tx_reset_i(host_resets_i[1]), .mac_link_i(host_link_i),
      .mac_pulses_i(host_pulses_i), .mac_overflow_i(host_overflow_i), .mac_rx_i(host_rx_i), .mac_tx_o(host_tx_o),
      .mac_tx_ready_i(host_tx_ready_i), .mac_reset_o(host_reset_o), .mac_loopback_o(host_loopback_o),
      .mac_fec_o(host_control_o[3]), .mac_rx_enable_o(host_control_o[2]), .mac_tx_enable_o(host_control_o[1]),
      .mac_send_rfi_o(host_control_o[0]));

`ifdef SYNWARD_ENGINE_HLS
  wire engine_rst_n, setting_valid, setting_ready, question_valid, question_ready, answer_valid, answer_ready;
  wire [`SYNWARD_KERNEL_SETTING_W-1:0] setting;
  wire [`SYNWARD_KERNEL_QUESTION_W-1:0] question;
  wire [`SYNWARD_KERNEL_ANSWER_W-1:0] said;
  synward_engine_ip u_engine (
      .ap_clk(clk_i), .ap_rst_n(engine_rst_n),
      .settings_TVALID(setting_valid), .settings_TREADY(setting_ready), .settings_TDATA(setting),
      .questions_TVALID(question_valid), .questions_TREADY(question_ready), .questions_TDATA(question),
      .answers_TVALID(answer_valid), .answers_TREADY(answer_ready), .answers_TDATA(said));
  synward_hls_card #(
      .ClockHz(ClockHz), .LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows)) u_card (
      .engine_rst_n, .m_axis_setting_tvalid(setting_valid), .m_axis_setting_tready(setting_ready),
      .m_axis_setting_tdata(setting), .m_axis_question_tvalid(question_valid),
      .m_axis_question_tready(question_ready), .m_axis_question_tdata(question), .s_axis_answer_tvalid(answer_valid),
      .s_axis_answer_tready(answer_ready), .s_axis_answer_tdata(said),
`else
  synward_card #(
      .ClockHz(ClockHz), .LogServices(LogServices), .LogBuckets(LogBuckets), .LogFlows(LogFlows)) u_card (
`endif
      .ap_clk(clk_i), .ap_rst_n(power_ni),
      .s_axi_control_awaddr(core_bus.awaddr[11:0]), .s_axi_control_awprot(3'd0),
      .s_axi_control_awvalid(core_bus.awvalid), .s_axi_control_awready(core_answer.awready),
      .s_axi_control_wdata(core_bus.wdata), .s_axi_control_wstrb(core_bus.wstrb),
      .s_axi_control_wvalid(core_bus.wvalid), .s_axi_control_wready(core_answer.wready),
      .s_axi_control_bresp(core_answer.bresp), .s_axi_control_bvalid(core_answer.bvalid),
      .s_axi_control_bready(core_bus.bready),
      .s_axi_control_araddr(core_bus.araddr[11:0]), .s_axi_control_arprot(3'd0),
      .s_axi_control_arvalid(core_bus.arvalid), .s_axi_control_arready(core_answer.arready),
      .s_axi_control_rdata(core_answer.rdata), .s_axi_control_rresp(core_answer.rresp),
      .s_axi_control_rvalid(core_answer.rvalid), .s_axi_control_rready(core_bus.rready),
      .s_axis_line_tvalid(line_in.valid), .s_axis_line_tready(unused_ready[0]), .s_axis_line_tdata(line_in.data),
      .s_axis_line_tkeep(line_in.keep), .s_axis_line_tlast(line_in.last), .s_axis_line_tuser(line_in.error),
      .m_axis_line_tvalid(line_out.valid), .m_axis_line_tready(line_ready), .m_axis_line_tdata(line_out.data),
      .m_axis_line_tkeep(line_out.keep), .m_axis_line_tlast(line_out.last), .m_axis_line_tuser(line_out.error),
      .s_axis_host_tvalid(host_in.valid), .s_axis_host_tready(unused_ready[1]), .s_axis_host_tdata(host_in.data),
      .s_axis_host_tkeep(host_in.keep), .s_axis_host_tlast(host_in.last), .s_axis_host_tuser(host_in.error),
      .m_axis_host_tvalid(host_out.valid), .m_axis_host_tready(host_ready), .m_axis_host_tdata(host_out.data),
      .m_axis_host_tkeep(host_out.keep), .m_axis_host_tlast(host_out.last), .m_axis_host_tuser(host_out.error));
endmodule

`default_nettype wire
