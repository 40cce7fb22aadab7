// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_csr's AXI4-Lite, for every master that keeps the protocol:
//   Mode 0, handshakes: a response stays until it is taken, there is none without a request, one transaction is under
//           way each way, an answer comes within so many clocks, an idle slave takes what is offered;
//   Mode 1: rdata stays while it waits;
//   Mode 2: one write has one effect: SCRATCH reads back what was written last.
`default_nettype none
`include "synward_records.svh"
module formal_csr #(
    parameter int Mode = 0
) (
    input wire clk_i,
    input wire [synward_regs_pkg::AddressBits-1:0] awaddr_i,
    input wire [synward_regs_pkg::AddressBits-1:0] araddr_i,
    input wire awvalid_i,
    input wire wvalid_i,
    input wire bready_i,
    input wire arvalid_i,
    input wire rready_i,
    input wire [31:0] wdata_i
);
  reg started = 0;
  reg [1:0] reset = 0;
  always @(posedge clk_i) begin
    if (reset != 2) reset <= reset + 1'b1;
    else started <= 1;
  end
  synward_axil_request_t request;
  synward_axil_response_t response;
  assign request = {awaddr_i, awvalid_i && started, wdata_i, wvalid_i && started, bready_i, araddr_i,
      arvalid_i && started, rready_i};
  wire awready, wready, bvalid, arready, rvalid;
  wire [1:0] bresp, rresp;
  wire [31:0] rdata;
  assign {awready, wready, bresp, bvalid, arready, rdata, rresp, rvalid} = response;
  // Every other input is free.
  synward_csr #(.LogBuckets(6), .LogFlows(6)) dut (
      .clk_i, .rst_ni(started), .axil_i(request), .axil_o(response));
  wire aw = awvalid_i && awready && started;
  wire w = wvalid_i && wready && started;
  wire b = bvalid && bready_i && started;
  wire ar = arvalid_i && arready && started;
  wire r = rvalid && rready_i && started;

  reg [1:0] writes_a = 0, writes_d = 0, reads = 0;
  reg [3:0] b_late = 0, r_late = 0, idle_w = 0, idle_r = 0;
  reg b_waits = 0, r_waits = 0, aw_waits = 0, w_waits = 0, ar_waits = 0;
  reg [31:0] rdata_q, wdata_q;
  reg [synward_regs_pkg::AddressBits-1:0] awaddr_q, araddr_q;
  // SCRATCH: what the last write of it said, and what a read under way may say.
  localparam [synward_regs_pkg::AddressBits-1:2] Scratch = synward_regs_pkg::REG_SCRATCH >> 2;
  reg known = 0, reads_scratch = 0, reads_known = 0;
  reg [synward_regs_pkg::AddressBits-1:2] write_q;
  reg [31:0] data_q, scratch, expected;
  always @(posedge clk_i) begin
    // The master: what it offers stays.
    if (aw_waits) assume (awvalid_i && awaddr_i == awaddr_q);
    if (w_waits) assume (wvalid_i && wdata_i == wdata_q);
    if (ar_waits) assume (arvalid_i && araddr_i == araddr_q);
    {awaddr_q, wdata_q, araddr_q, rdata_q} <= {awaddr_i, wdata_i, araddr_i, rdata};
    aw_waits <= started && awvalid_i && !awready;
    w_waits <= started && wvalid_i && !wready;
    ar_waits <= started && arvalid_i && !arready;
    b_waits <= started && bvalid && !bready_i;
    r_waits <= started && rvalid && !rready_i;
    if (started) begin
      writes_a <= writes_a + aw - b;
      writes_d <= writes_d + w - b;
      reads <= reads + ar - r;
      b_late <= writes_a != 0 && !bvalid ? b_late + 1'b1 : 0;
      r_late <= reads != 0 && !rvalid ? r_late + 1'b1 : 0;
      idle_w <= awvalid_i && wvalid_i && !aw && writes_a == 0 ? idle_w + 1'b1 : 0;
      idle_r <= arvalid_i && !ar && reads == 0 ? idle_r + 1'b1 : 0;
    end
    if (Mode == 0) begin
      if (b_waits) assert (bvalid && bresp == 0);
      if (r_waits) assert (rvalid && rresp == 0);
      if (started) begin
        assert (aw == w);
        assert (writes_a == writes_d && writes_a <= 1 && reads <= 1);
        if (bvalid) assert (writes_a == 1);
        if (rvalid) assert (reads == 1);
        assert (b_late <= 2 && r_late <= 5);
        assert (idle_w <= 1 && idle_r <= 1);
      end
    end
    if (Mode == 1 && r_waits) assert (rdata == rdata_q);
    if (aw) {write_q, data_q} <= {awaddr_i[synward_regs_pkg::AddressBits-1:2], wdata_i};
    if (b && write_q == Scratch) begin
      known <= 1;
      scratch <= data_q;
    end
    if (ar) begin
      reads_scratch <= araddr_i[synward_regs_pkg::AddressBits-1:2] == Scratch && writes_a == 0 && !aw;
      reads_known <= known;
      expected <= scratch;
    end
    if (aw) reads_scratch <= 0;  // a write meanwhile: either value is right
    if (Mode == 2 && started && rvalid && reads == 1 && reads_scratch && reads_known) assert (rdata == expected);
  end
endmodule
`default_nettype wire
