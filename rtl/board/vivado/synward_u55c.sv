// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// The U55C without XRT: PCIe with one BAR of 64 KB, two CMACs, the card. QSFP 0 is the line, QSFP 1 the host.
/// The core's clock comes from the first cage's reference clock, which an oscillator of the card makes: it runs without
/// a host, without a link, and while transceivers are reset. Not run on hardware, nor through Vivado.
module synward_u55c (
    input  wire        pcie_refclk_p,
    input  wire        pcie_refclk_n,
    input  wire        pcie_rstn,
    input  wire  [7:0] pcie_rxp,
    input  wire  [7:0] pcie_rxn,
    output logic [7:0] pcie_txp,
    output logic [7:0] pcie_txn,
    input  wire        qsfp0_refclk_p,
    input  wire        qsfp0_refclk_n,
    input  wire  [3:0] qsfp0_rxp,
    input  wire  [3:0] qsfp0_rxn,
    output logic [3:0] qsfp0_txp,
    output logic [3:0] qsfp0_txn,
    input  wire        qsfp1_refclk_p,
    input  wire        qsfp1_refclk_n,
    input  wire  [3:0] qsfp1_rxp,
    input  wire  [3:0] qsfp1_rxn,
    output logic [3:0] qsfp1_txp,
    output logic [3:0] qsfp1_txn,
    output logic       hbm_cattrip   ///< high would switch the card off: tied low, the HBM is not used
);
  localparam int ClockHz = 302124023;  // 161.1328125 MHz * 7.5 / 4, vivado/ip.tcl
  assign hbm_cattrip = 1'b0;

  // Clocks and the reset at power-up.
  wire core_clk, init_clk, locked, refclk, unused_refclk;
  synward_clocks_ip u_clocks (.clk_in1(refclk), .core_clk, .init_clk, .locked);

  // PCIe.
  wire pcie_clk, pcie_clk_gt, bus_clk;
  IBUFDS_GTE4 #(.REFCLK_HROW_CK_SEL(2'b00)) u_pcie_refclk (
      .I(pcie_refclk_p), .IB(pcie_refclk_n), .CEB(1'b0), .O(pcie_clk_gt), .ODIV2(pcie_clk));
  synward_board_req_t bus;
  synward_axil_response_t answer;
  wire [31:0] awaddr, araddr;
  assign bus.awaddr = awaddr[15:0];
  assign bus.araddr = araddr[15:0];
  synward_pcie_ip u_pcie (
      .sys_clk(pcie_clk), .sys_clk_gt(pcie_clk_gt), .sys_rst_n(pcie_rstn), .pci_exp_rxp(pcie_rxp),
      .pci_exp_rxn(pcie_rxn), .pci_exp_txp(pcie_txp), .pci_exp_txn(pcie_txn), .user_lnk_up(), .axi_aclk(bus_clk),
      .axi_aresetn(), .usr_irq_req(1'b0), .usr_irq_ack(),
      .m_axil_awaddr(awaddr), .m_axil_awprot(), .m_axil_awvalid(bus.awvalid), .m_axil_awready(answer.awready),
      .m_axil_wdata(bus.wdata), .m_axil_wstrb(bus.wstrb), .m_axil_wvalid(bus.wvalid), .m_axil_wready(answer.wready),
      .m_axil_bvalid(answer.bvalid), .m_axil_bresp(answer.bresp), .m_axil_bready(bus.bready),
      .m_axil_araddr(araddr), .m_axil_arprot(), .m_axil_arvalid(bus.arvalid), .m_axil_arready(answer.arready),
      .m_axil_rdata(answer.rdata), .m_axil_rresp(answer.rresp), .m_axil_rvalid(answer.rvalid),
      .m_axil_rready(bus.rready),
      .s_axis_c2h_tdata_0(256'd0), .s_axis_c2h_tlast_0(1'b0), .s_axis_c2h_tvalid_0(1'b0), .s_axis_c2h_tready_0(),
      .s_axis_c2h_tkeep_0(32'd0), .m_axis_h2c_tdata_0(), .m_axis_h2c_tlast_0(), .m_axis_h2c_tvalid_0(),
      .m_axis_h2c_tready_0(1'b1), .m_axis_h2c_tkeep_0());

  wire line_clk, line_reset, line_overflow, line_ready, host_clk, host_reset, host_overflow, host_ready;
  wire [1:0] line_resets, host_resets;
  wire [2:0] line_loopback, host_loopback;
  wire [3:0] line_pulses, line_control, host_pulses, host_control;
  synward_board_link_t line_link, host_link;
  synward_beat_t line_rx, line_tx, host_rx, host_tx;
  synward_cmac #(.HostPort(1'b0)) u_line_cmac (
      .gt_rxp_i(qsfp0_rxp), .gt_rxn_i(qsfp0_rxn), .gt_txp_o(qsfp0_txp), .gt_txn_o(qsfp0_txn),
      .gt_ref_clk_pi(qsfp0_refclk_p), .gt_ref_clk_ni(qsfp0_refclk_n), .gt_ref_clk_o(refclk), .init_clk_i(init_clk),
      .power_ni(locked), .reset_i(line_reset), .loopback_i(line_loopback), .fec_i(line_control[3]),
      .rx_enable_i(line_control[2]), .tx_enable_i(line_control[1]), .send_rfi_i(line_control[0]), .mac_clk_o(line_clk),
      .rx_reset_o(line_resets[0]), .tx_reset_o(line_resets[1]), .link_o(line_link), .pulses_o(line_pulses),
      .overflow_o(line_overflow), .rx_o(line_rx), .tx_i(line_tx), .tx_ready_o(line_ready));
  synward_cmac #(.HostPort(1'b1)) u_host_cmac (
      .gt_rxp_i(qsfp1_rxp), .gt_rxn_i(qsfp1_rxn), .gt_txp_o(qsfp1_txp), .gt_txn_o(qsfp1_txn),
      .gt_ref_clk_pi(qsfp1_refclk_p), .gt_ref_clk_ni(qsfp1_refclk_n), .gt_ref_clk_o(unused_refclk),
      .init_clk_i(init_clk), .power_ni(locked), .reset_i(host_reset), .loopback_i(host_loopback),
      .fec_i(host_control[3]), .rx_enable_i(host_control[2]), .tx_enable_i(host_control[1]),
      .send_rfi_i(host_control[0]), .mac_clk_o(host_clk), .rx_reset_o(host_resets[0]), .tx_reset_o(host_resets[1]),
      .link_o(host_link), .pulses_o(host_pulses), .overflow_o(host_overflow), .rx_o(host_rx), .tx_i(host_tx),
      .tx_ready_o(host_ready));
  synward_line_card #(.ClockHz(ClockHz)) u_line_card (
      .power_ni(locked), .clk_i(core_clk), .bus_clk_i(bus_clk), .bus_i(bus), .bus_o(answer), .up_o(),
      .line_clk_i(line_clk), .line_resets_i(line_resets), .line_link_i(line_link), .line_pulses_i(line_pulses),
      .line_overflow_i(line_overflow), .line_rx_i(line_rx), .line_tx_o(line_tx), .line_tx_ready_i(line_ready),
      .line_reset_o(line_reset), .line_loopback_o(line_loopback), .line_control_o(line_control),
      .host_clk_i(host_clk), .host_resets_i(host_resets), .host_link_i(host_link), .host_pulses_i(host_pulses),
      .host_overflow_i(host_overflow), .host_rx_i(host_rx), .host_tx_o(host_tx), .host_tx_ready_i(host_ready),
      .host_reset_o(host_reset), .host_loopback_o(host_loopback), .host_control_o(host_control));
endmodule

`default_nettype wire
