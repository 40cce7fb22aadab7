// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// AXI4-Lite into another clock: one transaction at a time, each carried by a toggle that is brought across while the
/// word beside it stands still. A far side that does not answer within 2^LogPatience clocks of the bus is answered for
/// with SLVERR and all ones, so that a card without its clock never hangs a PCIe bus; until its late answer comes,
/// every other transaction gets the same at once.
module synward_axil_crossing #(
    parameter int LogPatience = 12
) (
    input  wire                rst_ni,  ///< asynchronous, of both sides
    input  wire                bus_clk_i,
    input  synward_board_req_t bus_i,
    output synward_axil_response_t bus_o,
    input  wire                far_clk_i,
    output synward_board_req_t far_o,
    input  synward_axil_response_t far_i
);
  if (LogPatience < 6 || LogPatience > 24) begin : gen_refused_log_patience
    $error("synward_axil_crossing: LogPatience must be 6 to 24");
  end
  wire bus_rst_n, far_rst_n;
  synward_reset_sync u_bus_reset (.clk_i(bus_clk_i), .rst_ni, .rst_no(bus_rst_n));
  synward_reset_sync u_far_reset (.clk_i(far_clk_i), .rst_ni, .rst_no(far_rst_n));

  // The two words, each written in one clock and read in the other.
  logic write_hold_q;
  logic [15:0] address_hold_q;
  logic [31:0] data_hold_q, answer_hold_q;
  logic [3:0] strobes_hold_q;
  logic [1:0] status_hold_q;
  logic ask_q, done_q;
  wire ask, done;
  synward_sync u_ask_sync (.clk_i(far_clk_i), .bits_i(ask_q), .bits_o(ask));
  synward_sync u_done_sync (.clk_i(bus_clk_i), .bits_i(done_q), .bits_o(done));

  // Bus side.
  logic awready_q, wready_q, arready_q, bvalid_q, rvalid_q, busy_q;
  logic [1:0] resp_q;
  logic write_was_q;
  logic refused_q;  // it was never passed on
  logic [31:0] rdata_q;
  logic [LogPatience:0] waited_q;
  wire far_owes = done != ask_q;
  wire take_write = !busy_q && bus_i.awvalid && bus_i.wvalid;
  wire take_read = !busy_q && !take_write && bus_i.arvalid;
  wire answered = busy_q && !bvalid_q && !rvalid_q && (!far_owes || waited_q[LogPatience]);
  assign bus_o = {awready_q, wready_q, resp_q, bvalid_q, arready_q, rdata_q, resp_q, rvalid_q};
  always_ff @(posedge bus_clk_i or negedge bus_rst_n) begin
    if (!bus_rst_n) begin
      {awready_q, wready_q, arready_q, bvalid_q, rvalid_q, busy_q, ask_q} <= 7'd0;
      {resp_q, rdata_q, waited_q} <= '0;
      {write_hold_q, address_hold_q, data_hold_q, strobes_hold_q} <= '0;
    end else begin
      {awready_q, wready_q, arready_q} <= {take_write, take_write, take_read};
      if (take_write || take_read) begin
        busy_q <= 1'b1;
        write_was_q <= take_write;
        refused_q <= far_owes;
        // A far side that still owes an answer keeps the words that it was given.
        waited_q <= far_owes ? '1 : '0;
        if (!far_owes) begin
          ask_q <= !ask_q;
          write_hold_q <= take_write;
          address_hold_q <= take_write ? bus_i.awaddr : bus_i.araddr;
          {data_hold_q, strobes_hold_q} <= {bus_i.wdata, bus_i.wstrb};
        end
      end else if (!waited_q[LogPatience]) waited_q <= waited_q + 1'b1;
      if (answered) begin
        {bvalid_q, rvalid_q} <= {write_was_q, !write_was_q};
        resp_q <= far_owes || refused_q ? 2'b10 : status_hold_q;
        rdata_q <= far_owes || refused_q ? '1 : answer_hold_q;
      end
      if ((bvalid_q && bus_i.bready) || (rvalid_q && bus_i.rready)) {bvalid_q, rvalid_q, busy_q} <= 3'b000;
    end
  end
  

  // Far side.
  logic awvalid_q, wvalid_q, arvalid_q, bready_q, rready_q, at_work_q;
  assign far_o = {address_hold_q, awvalid_q, data_hold_q, strobes_hold_q, wvalid_q, bready_q, address_hold_q, arvalid_q,
                  rready_q};
  always_ff @(posedge far_clk_i or negedge far_rst_n) begin
    if (!far_rst_n) begin
      {awvalid_q, wvalid_q, arvalid_q, bready_q, rready_q, at_work_q, done_q} <= 7'd0;
      {answer_hold_q, status_hold_q} <= '0;
    end else if (!at_work_q) begin
      if (ask != done_q) begin
        at_work_q <= 1'b1;
        {awvalid_q, wvalid_q, bready_q} <= {3{write_hold_q}};
        {arvalid_q, rready_q} <= {2{!write_hold_q}};
      end
    end else begin
      if (far_i.awready) awvalid_q <= 1'b0;
      if (far_i.wready) wvalid_q <= 1'b0;
      if (far_i.arready) arvalid_q <= 1'b0;
      if ((bready_q && far_i.bvalid) || (rready_q && far_i.rvalid)) begin
        {bready_q, rready_q, at_work_q} <= 3'b000;
        answer_hold_q <= far_i.rdata;
        status_hold_q <= bready_q ? far_i.bresp : far_i.rresp;
        done_q <= !done_q;
      end
    end
  end
endmodule

`default_nettype wire
