// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// The card in OpenNIC's 322 MHz box: CMAC 0 is the line, CMAC 1 the host; the queues of the NIC's own host side see
/// nothing and send nowhere. The core runs on CMAC 0's clock, the other CMAC's streams and the registers (4 KB, at
/// axil_aclk) cross. Not run on hardware, nor through Vivado.
module synward_box_322mhz (
    input  wire           axil_aclk,
    input  wire  [1:0]    cmac_clk,
    input  wire           mod_rstn,      ///< of axil_aclk
    output logic          mod_rst_done,

    input  wire           s_axil_awvalid,
    input  wire  [31:0]   s_axil_awaddr,
    output logic          s_axil_awready,
    input  wire           s_axil_wvalid,
    input  wire  [31:0]   s_axil_wdata,
    output logic          s_axil_wready,
    output logic          s_axil_bvalid,
    output logic [1:0]    s_axil_bresp,
    input  wire           s_axil_bready,
    input  wire           s_axil_arvalid,
    input  wire  [31:0]   s_axil_araddr,
    output logic          s_axil_arready,
    output logic          s_axil_rvalid,
    output logic [31:0]   s_axil_rdata,
    output logic [1:0]    s_axil_rresp,
    input  wire           s_axil_rready,

    input  wire  [1:0]    s_axis_adap_tx_322mhz_tvalid,
    input  wire  [1023:0] s_axis_adap_tx_322mhz_tdata,
    input  wire  [127:0]  s_axis_adap_tx_322mhz_tkeep,
    input  wire  [1:0]    s_axis_adap_tx_322mhz_tlast,
    input  wire  [1:0]    s_axis_adap_tx_322mhz_tuser_err,
    output logic [1:0]    s_axis_adap_tx_322mhz_tready,
    output logic [1:0]    m_axis_adap_rx_322mhz_tvalid,
    output logic [1023:0] m_axis_adap_rx_322mhz_tdata,
    output logic [127:0]  m_axis_adap_rx_322mhz_tkeep,
    output logic [1:0]    m_axis_adap_rx_322mhz_tlast,
    output logic [1:0]    m_axis_adap_rx_322mhz_tuser_err,
    output logic [1:0]    m_axis_cmac_tx_tvalid,
    output logic [1023:0] m_axis_cmac_tx_tdata,
    output logic [127:0]  m_axis_cmac_tx_tkeep,
    output logic [1:0]    m_axis_cmac_tx_tlast,
    output logic [1:0]    m_axis_cmac_tx_tuser_err,
    input  wire  [1:0]    m_axis_cmac_tx_tready,
    input  wire  [1:0]    s_axis_cmac_rx_tvalid,
    input  wire  [1023:0] s_axis_cmac_rx_tdata,
    input  wire  [127:0]  s_axis_cmac_rx_tkeep,
    input  wire  [1:0]    s_axis_cmac_rx_tlast,
    input  wire  [1:0]    s_axis_cmac_rx_tuser_err
);
  // What the NIC sends goes nowhere, and it receives nothing: the box is the wire's.
  assign s_axis_adap_tx_322mhz_tready = 2'b11;
  assign {m_axis_adap_rx_322mhz_tvalid, m_axis_adap_rx_322mhz_tlast, m_axis_adap_rx_322mhz_tuser_err} = 6'd0;
  assign m_axis_adap_rx_322mhz_tdata = 1024'd0;
  assign m_axis_adap_rx_322mhz_tkeep = 128'd0;

  // The reset pair: done 1,023 clocks behind the reset's end, when the core is long out of its own.
  logic [9:0] done_q;
  initial done_q = 10'd0;
  always_ff @(posedge axil_aclk or negedge mod_rstn) begin
    if (!mod_rstn) done_q <= 10'd0;
    else if (done_q != '1) done_q <= done_q + 10'd1;
  end
  assign mod_rst_done = done_q == '1;

  wire clk = cmac_clk[0];
  synward_board_req_t axil, bus;
  synward_axil_response_t axil_answer, answer;
  assign axil = {s_axil_awaddr[15:0], s_axil_awvalid, s_axil_wdata, 4'hf, s_axil_wvalid, s_axil_bready,
                 s_axil_araddr[15:0], s_axil_arvalid, s_axil_rready};
  assign {s_axil_awready, s_axil_wready, s_axil_bresp, s_axil_bvalid, s_axil_arready, s_axil_rdata, s_axil_rresp,
          s_axil_rvalid} = axil_answer;
  synward_axil_crossing u_bus_crossing (
      .rst_ni(mod_rstn), .bus_clk_i(axil_aclk), .bus_i(axil), .bus_o(axil_answer), .far_clk_i(clk), .far_o(bus),
      .far_i(answer));

  // CMAC 0 has the core's clock; only its gate for whole frames is needed. CMAC 1 crosses.
  wire host_rst_n;
  synward_reset_sync u_host_reset (.clk_i(cmac_clk[1]), .rst_ni(mod_rstn), .rst_no(host_rst_n));
  synward_beat_t host_in, host_gated, host_rx, host_out, host_sent, host_tx, line_out, line_tx;
  wire host_ready, line_ready, sent_ready;
  wire [4:0] unused;
  assign host_in = {s_axis_cmac_rx_tvalid[1], s_axis_cmac_rx_tuser_err[1], s_axis_cmac_rx_tlast[1],
                    s_axis_cmac_rx_tkeep[127:64], s_axis_cmac_rx_tdata[1023:512]};
  synward_rx_gate u_host_gate (
      .clk_i(cmac_clk[1]), .open_i(host_rst_n), .mac_reset_i(!host_rst_n), .beat_i(host_in), .beat_o(host_gated),
      .cut_o(unused[0]));
  synward_frame_crossing #(.Stall(1'b0)) u_rx_crossing (
      .rst_ni(mod_rstn), .wr_clk_i(cmac_clk[1]), .wr_open_i(1'b1), .wr_beat_i(host_gated), .wr_ready_o(unused[1]),
      .wr_dropped_o(unused[2]), .rd_clk_i(clk), .rd_beat_o(host_rx), .rd_ready_i(1'b1));
  synward_frame_crossing #(.Stall(1'b1)) u_tx_crossing (
      .rst_ni(mod_rstn), .wr_clk_i(clk), .wr_open_i(1'b1), .wr_beat_i(host_out), .wr_ready_o(host_ready),
      .wr_dropped_o(), .rd_clk_i(cmac_clk[1]), .rd_beat_o(host_sent), .rd_ready_i(sent_ready));
  // For the filling up to 60 bytes.
  synward_tx_gate u_host_tx (
      .clk_i(cmac_clk[1]), .open_i(1'b1), .mac_reset_i(1'b0), .beat_i(host_sent), .ready_o(sent_ready),
      .beat_o(host_tx), .ready_i(m_axis_cmac_tx_tready[1]), .dropped_o(unused[3]));
  synward_tx_gate u_line_tx (
      .clk_i(clk), .open_i(1'b1), .mac_reset_i(1'b0), .beat_i(line_out), .ready_o(line_ready),
      .beat_o(line_tx), .ready_i(m_axis_cmac_tx_tready[0]), .dropped_o(unused[4]));
  assign {m_axis_cmac_tx_tvalid[0], m_axis_cmac_tx_tuser_err[0], m_axis_cmac_tx_tlast[0],
          m_axis_cmac_tx_tkeep[63:0], m_axis_cmac_tx_tdata[511:0]} = line_tx;
  assign {m_axis_cmac_tx_tvalid[1], m_axis_cmac_tx_tuser_err[1], m_axis_cmac_tx_tlast[1],
          m_axis_cmac_tx_tkeep[127:64], m_axis_cmac_tx_tdata[1023:512]} = host_tx;

  wire [1:0] unused_ready;
  synward_card u_card (
      .ap_clk(clk), .ap_rst_n(mod_rstn),
      .s_axi_control_awaddr(bus.awaddr[11:0]), .s_axi_control_awprot(3'd0), .s_axi_control_awvalid(bus.awvalid),
      .s_axi_control_awready(answer.awready), .s_axi_control_wdata(bus.wdata), .s_axi_control_wstrb(bus.wstrb),
      .s_axi_control_wvalid(bus.wvalid), .s_axi_control_wready(answer.wready), .s_axi_control_bresp(answer.bresp),
      .s_axi_control_bvalid(answer.bvalid), .s_axi_control_bready(bus.bready),
      .s_axi_control_araddr(bus.araddr[11:0]), .s_axi_control_arprot(3'd0), .s_axi_control_arvalid(bus.arvalid),
      .s_axi_control_arready(answer.arready), .s_axi_control_rdata(answer.rdata), .s_axi_control_rresp(answer.rresp),
      .s_axi_control_rvalid(answer.rvalid), .s_axi_control_rready(bus.rready),
      .s_axis_line_tvalid(s_axis_cmac_rx_tvalid[0]), .s_axis_line_tready(unused_ready[0]),
      .s_axis_line_tdata(s_axis_cmac_rx_tdata[511:0]), .s_axis_line_tkeep(s_axis_cmac_rx_tkeep[63:0]),
      .s_axis_line_tlast(s_axis_cmac_rx_tlast[0]), .s_axis_line_tuser(s_axis_cmac_rx_tuser_err[0]),
      .m_axis_line_tvalid(line_out.valid), .m_axis_line_tready(line_ready), .m_axis_line_tdata(line_out.data),
      .m_axis_line_tkeep(line_out.keep), .m_axis_line_tlast(line_out.last), .m_axis_line_tuser(line_out.error),
      .s_axis_host_tvalid(host_rx.valid), .s_axis_host_tready(unused_ready[1]), .s_axis_host_tdata(host_rx.data),
      .s_axis_host_tkeep(host_rx.keep), .s_axis_host_tlast(host_rx.last), .s_axis_host_tuser(host_rx.error),
      .m_axis_host_tvalid(host_out.valid), .m_axis_host_tready(host_ready), .m_axis_host_tdata(host_out.data),
      .m_axis_host_tkeep(host_out.keep), .m_axis_host_tlast(host_out.last), .m_axis_host_tuser(host_out.error));
  wire unused_tx = &{1'b0, s_axis_adap_tx_322mhz_tvalid, s_axis_adap_tx_322mhz_tdata, s_axis_adap_tx_322mhz_tkeep,
                     s_axis_adap_tx_322mhz_tlast, s_axis_adap_tx_322mhz_tuser_err};
endmodule

`default_nettype wire
