// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// A network port as a Vitis kernel: its stream from the wire, its stream to the wire, its registers, and the pins that
/// constraints/vitis/post_sys_link.tcl leads to the platform's cage. Not run on hardware, nor through Vitis.
module synward_cmac_port #(
    parameter bit HostPort = 1'b0,   ///< which cage, see synward_cmac
    parameter int MsClocks = 300000  ///< clocks of ap_clk in a millisecond; a little off does no harm
) (
    input  wire          ap_clk,
    input  wire          ap_rst_n,
    input  wire          clk_gt_freerun,  ///< 100 MHz of the platform

    input  wire  [11:0]  s_axi_control_awaddr,
    input  wire  [2:0]   s_axi_control_awprot,
    input  wire          s_axi_control_awvalid,
    output logic         s_axi_control_awready,
    input  wire  [31:0]  s_axi_control_wdata,
    input  wire  [3:0]   s_axi_control_wstrb,
    input  wire          s_axi_control_wvalid,
    output logic         s_axi_control_wready,
    output logic [1:0]   s_axi_control_bresp,
    output logic         s_axi_control_bvalid,
    input  wire          s_axi_control_bready,
    input  wire  [11:0]  s_axi_control_araddr,
    input  wire  [2:0]   s_axi_control_arprot,
    input  wire          s_axi_control_arvalid,
    output logic         s_axi_control_arready,
    output logic [31:0]  s_axi_control_rdata,
    output logic [1:0]   s_axi_control_rresp,
    output logic         s_axi_control_rvalid,
    input  wire          s_axi_control_rready,

    input  wire          s_axis_tvalid,  ///< to the wire
    output logic         s_axis_tready,
    input  wire  [511:0] s_axis_tdata,
    input  wire  [63:0]  s_axis_tkeep,
    input  wire          s_axis_tlast,
    input  wire  [0:0]   s_axis_tuser,
    output logic         m_axis_tvalid,  ///< from the wire
    input  wire          m_axis_tready,  ///< has to be 1: a wire does not wait
    output logic [511:0] m_axis_tdata,
    output logic [63:0]  m_axis_tkeep,
    output logic         m_axis_tlast,
    output logic [0:0]   m_axis_tuser,

    input  wire  [3:0]   gt_serial_port_grx_p,
    input  wire  [3:0]   gt_serial_port_grx_n,
    output logic [3:0]   gt_serial_port_gtx_p,
    output logic [3:0]   gt_serial_port_gtx_n,
    input  wire          gt_refclk_clk_p,
    input  wire          gt_refclk_clk_n
);
  wire rst_n;
  synward_reset_sync u_reset (.clk_i(ap_clk), .rst_ni(ap_rst_n), .rst_no(rst_n));
  synward_board_req_t bus;
  synward_axil_response_t answer;
  assign bus = {4'd0, s_axi_control_awaddr, s_axi_control_awvalid, s_axi_control_wdata, s_axi_control_wstrb,
                s_axi_control_wvalid, s_axi_control_bready, 4'd0, s_axi_control_araddr, s_axi_control_arvalid,
                s_axi_control_rready};
  assign {s_axi_control_awready, s_axi_control_wready, s_axi_control_bresp, s_axi_control_bvalid,
          s_axi_control_arready, s_axi_control_rdata, s_axi_control_rresp, s_axi_control_rvalid} = answer;

  wire mac_clk, mac_reset, mac_overflow, mac_ready, fec, rx_enable, tx_enable, send_rfi, unused_up, unused_refclk;
  wire [1:0] mac_resets;
  wire [2:0] loopback;
  wire [3:0] mac_pulses;
  synward_board_link_t mac_link;
  synward_beat_t mac_rx, mac_tx, rx, tx;
  assign tx = {s_axis_tvalid, s_axis_tuser[0], s_axis_tlast, s_axis_tkeep, s_axis_tdata};
  assign {m_axis_tvalid, m_axis_tuser[0], m_axis_tlast, m_axis_tkeep, m_axis_tdata} = rx;
  // Streams of Vitis carry no link state: a port cannot close with the other one, so its peer counts as up.
  synward_port #(.MsClocks(MsClocks)) u_port (
      .power_ni(ap_rst_n), .clk_i(ap_clk), .rst_ni(rst_n), .bus_i(bus), .bus_o(answer), .rx_o(rx), .tx_i(tx),
      .tx_ready_o(s_axis_tready), .peer_up_i(1'b1), .up_o(unused_up), .mac_clk_i(mac_clk),
      .mac_rx_reset_i(mac_resets[0]), .mac_tx_reset_i(mac_resets[1]), .mac_link_i(mac_link),
      .mac_pulses_i(mac_pulses), .mac_overflow_i(mac_overflow), .mac_rx_i(mac_rx), .mac_tx_o(mac_tx),
      .mac_tx_ready_i(mac_ready), .mac_reset_o(mac_reset), .mac_loopback_o(loopback), .mac_fec_o(fec),
      .mac_rx_enable_o(rx_enable), .mac_tx_enable_o(tx_enable), .mac_send_rfi_o(send_rfi));
  synward_cmac #(.HostPort(HostPort)) u_cmac (
      .gt_rxp_i(gt_serial_port_grx_p), .gt_rxn_i(gt_serial_port_grx_n), .gt_txp_o(gt_serial_port_gtx_p),
      .gt_txn_o(gt_serial_port_gtx_n), .gt_ref_clk_pi(gt_refclk_clk_p), .gt_ref_clk_ni(gt_refclk_clk_n),
      .gt_ref_clk_o(unused_refclk), .init_clk_i(clk_gt_freerun), .power_ni(ap_rst_n), .reset_i(mac_reset),
      .loopback_i(loopback), .fec_i(fec), .rx_enable_i(rx_enable), .tx_enable_i(tx_enable), .send_rfi_i(send_rfi),
      .mac_clk_o(mac_clk), .rx_reset_o(mac_resets[0]), .tx_reset_o(mac_resets[1]), .link_o(mac_link),
      .pulses_o(mac_pulses), .overflow_o(mac_overflow), .rx_o(mac_rx), .tx_i(mac_tx), .tx_ready_o(mac_ready));
  wire unused = &{1'b0, s_axi_control_awprot, s_axi_control_arprot, m_axis_tready};
endmodule

`default_nettype wire
