// SPDX-License-Identifier: BSD-2-Clause
/// What the core as a kernel makes of these ports: records. `request`, `said` and the four beats are the core's.
  // The bus part leaves reset by itself; the core has its own way (synward_reset).
  wire bus_rst_n;
  synward_reset_sync u_bus_reset (.clk_i(ap_clk), .rst_ni(ap_rst_n), .rst_no(bus_rst_n));
  synward_board_req_t bus, words;
  synward_axil_response_t answer, said;
  assign bus = {4'd0, s_axi_control_awaddr, s_axi_control_awvalid, s_axi_control_wdata, s_axi_control_wstrb,
                s_axi_control_wvalid, s_axi_control_bready, 4'd0, s_axi_control_araddr, s_axi_control_arvalid,
                s_axi_control_rready};
  assign {s_axi_control_awready, s_axi_control_wready, s_axi_control_bresp, s_axi_control_bvalid,
          s_axi_control_arready, s_axi_control_rdata, s_axi_control_rresp, s_axi_control_rvalid} = answer;
  synward_axil_words u_words (
      .clk_i(ap_clk), .rst_ni(bus_rst_n), .bus_i(bus), .bus_o(answer), .words_o(words), .words_i(said));
  assign {s_axis_line_tready, s_axis_host_tready} = 2'b11;

  synward_axil_request_t request;
  synward_beat_t line_rx, line_tx, host_rx, host_tx;
  assign request = {words.awaddr[11:0], words.awvalid, words.wdata, words.wvalid, words.bready, words.araddr[11:0],
                    words.arvalid, words.rready};
  assign line_rx = {s_axis_line_tvalid, s_axis_line_tuser, s_axis_line_tlast, s_axis_line_tkeep, s_axis_line_tdata};
  assign host_rx = {s_axis_host_tvalid, s_axis_host_tuser, s_axis_host_tlast, s_axis_host_tkeep, s_axis_host_tdata};
  assign {m_axis_line_tvalid, m_axis_line_tuser, m_axis_line_tlast, m_axis_line_tkeep, m_axis_line_tdata} = line_tx;
  assign {m_axis_host_tvalid, m_axis_host_tuser, m_axis_host_tlast, m_axis_host_tkeep, m_axis_host_tdata} = host_tx;
  wire unused = &{1'b0, s_axi_control_awprot, s_axi_control_arprot};
