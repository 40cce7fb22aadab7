// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// Between a bus with byte strobes and registers that only know words: all outputs are registers, one transaction each
/// way at a time. A write of less than a word changes nothing and is answered with SLVERR. AWPROT and ARPROT have no
/// meaning here: whoever reaches the bus may do all.
module synward_axil_words (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  synward_board_req_t bus_i,
    output synward_axil_response_t bus_o,
    output synward_board_req_t words_o,
    input  synward_axil_response_t words_i
);
  // A write: address and data are awaited, offered together, answered.
  logic have_address_q, have_data_q, offered_address_q, offered_data_q, answer_q;
  logic [15:0] awaddr_q, araddr_q;
  logic [31:0] wdata_q, rdata_q;
  logic [3:0] wstrb_q;
  logic [1:0] bresp_q, rresp_q;
  logic have_read_q, offered_read_q, shown_q;
  logic asked_q;  // the words have been offered this write

  assign bus_o = {!have_address_q && rst_ni, !have_data_q && rst_ni, bresp_q, answer_q,
                  !have_read_q && rst_ni, rdata_q, rresp_q, shown_q};
  assign words_o = {awaddr_q, offered_address_q, wdata_q, wstrb_q, offered_data_q, asked_q,
                    araddr_q, offered_read_q, have_read_q && !shown_q};
  wire whole = have_address_q && have_data_q && !asked_q && !answer_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {have_address_q, have_data_q, offered_address_q, offered_data_q, answer_q, asked_q} <= 6'd0;
    end else begin
      if (bus_i.awvalid && !have_address_q) {have_address_q, awaddr_q} <= {1'b1, bus_i.awaddr};
      if (bus_i.wvalid && !have_data_q) {have_data_q, wdata_q, wstrb_q} <= {1'b1, bus_i.wdata, bus_i.wstrb};
      if (whole && wstrb_q == 4'hf) {offered_address_q, offered_data_q, asked_q} <= 3'b111;
      else begin
        if (words_i.awready) offered_address_q <= 1'b0;
        if (words_i.wready) offered_data_q <= 1'b0;
      end
      if (whole && wstrb_q != 4'hf) {answer_q, bresp_q} <= {1'b1, 2'b10};
      if (asked_q && words_i.bvalid) {asked_q, answer_q, bresp_q} <= {2'b01, words_i.bresp};
      if (answer_q && bus_i.bready) {have_address_q, have_data_q, answer_q} <= 3'b000;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) {have_read_q, offered_read_q, shown_q} <= 3'b000;
    else begin
      if (bus_i.arvalid && !have_read_q) {have_read_q, offered_read_q, araddr_q} <= {2'b11, bus_i.araddr};
      else if (words_i.arready) offered_read_q <= 1'b0;
      if (have_read_q && !shown_q && words_i.rvalid) begin
        {shown_q, rdata_q, rresp_q} <= {1'b1, words_i.rdata, words_i.rresp};
      end
      if (shown_q && bus_i.rready) {have_read_q, shown_q} <= 2'b00;
    end
  end
endmodule

`default_nettype wire
