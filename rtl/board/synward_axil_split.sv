// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// One AXI4-Lite bus for three slaves of 4 KB each, by bits 15:12 of the address; what lies beyond reads as all ones
/// and is answered with DECERR. One transaction at a time, which synward_axil_crossing sees to.
module synward_axil_split (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  synward_board_req_t bus_i,
    output synward_axil_response_t bus_o,
    output synward_board_req_t core_o,  ///< 0x0000
    input  synward_axil_response_t core_i,
    output synward_board_req_t line_o,  ///< 0x1000
    input  synward_axil_response_t line_i,
    output synward_board_req_t host_o,  ///< 0x2000
    input  synward_axil_response_t host_i
);
  function automatic [3:0] slave_of(input [3:0] page);
    slave_of = page < 4'd3 ? 4'd1 << page : 4'b1000;
  endfunction
  wire [3:0] writes = slave_of(bus_i.awaddr[15:12]);
  wire [3:0] reads = slave_of(bus_i.araddr[15:12]);
  // Which slave is being asked: what the bus shows of an address ends with its ready.
  logic [3:0] writes_q, reads_q;
  wire [3:0] w = bus_i.awvalid ? writes : writes_q;
  wire [3:0] r = bus_i.arvalid ? reads : reads_q;
  logic none_b_q, none_r_q, none_w_q;
  always_ff @(posedge clk_i) begin
    writes_q <= !rst_ni ? 4'd0 : w;
    reads_q <= !rst_ni ? 4'd0 : r;
    none_w_q <= rst_ni && !none_w_q && !none_b_q && bus_i.awvalid && bus_i.wvalid && w[3];
    none_b_q <= rst_ni && (none_w_q || (none_b_q && !bus_i.bready));
    none_r_q <= rst_ni && ((bus_i.arvalid && r[3]) || (none_r_q && !bus_i.rready));
  end
  always_comb begin
    {core_o, line_o, host_o} = {bus_i, bus_i, bus_i};
    {core_o.awvalid, core_o.wvalid, core_o.bready} = {bus_i.awvalid, bus_i.wvalid, bus_i.bready} & {3{w[0]}};
    {line_o.awvalid, line_o.wvalid, line_o.bready} = {bus_i.awvalid, bus_i.wvalid, bus_i.bready} & {3{w[1]}};
    {host_o.awvalid, host_o.wvalid, host_o.bready} = {bus_i.awvalid, bus_i.wvalid, bus_i.bready} & {3{w[2]}};
    {core_o.arvalid, core_o.rready} = {bus_i.arvalid, bus_i.rready} & {2{r[0]}};
    {line_o.arvalid, line_o.rready} = {bus_i.arvalid, bus_i.rready} & {2{r[1]}};
    {host_o.arvalid, host_o.rready} = {bus_i.arvalid, bus_i.rready} & {2{r[2]}};
    bus_o = {none_w_q, none_w_q, 2'b11, none_b_q, bus_i.arvalid && r[3] && !none_r_q, 32'hffff_ffff, 2'b11, none_r_q};
    if (w[0]) begin
      {bus_o.awready, bus_o.wready, bus_o.bvalid} = {core_i.awready, core_i.wready, core_i.bvalid};
      bus_o.bresp = core_i.bresp;
    end
    if (w[1]) begin
      {bus_o.awready, bus_o.wready, bus_o.bvalid} = {line_i.awready, line_i.wready, line_i.bvalid};
      bus_o.bresp = line_i.bresp;
    end
    if (w[2]) begin
      {bus_o.awready, bus_o.wready, bus_o.bvalid} = {host_i.awready, host_i.wready, host_i.bvalid};
      bus_o.bresp = host_i.bresp;
    end
    if (r[0]) begin
      {bus_o.arready, bus_o.rvalid} = {core_i.arready, core_i.rvalid};
      {bus_o.rdata, bus_o.rresp} = {core_i.rdata, core_i.rresp};
    end
    if (r[1]) begin
      {bus_o.arready, bus_o.rvalid} = {line_i.arready, line_i.rvalid};
      {bus_o.rdata, bus_o.rresp} = {line_i.rdata, line_i.rresp};
    end
    if (r[2]) begin
      {bus_o.arready, bus_o.rvalid} = {host_i.arready, host_i.rvalid};
      {bus_o.rdata, bus_o.rresp} = {host_i.rdata, host_i.rresp};
    end
  end
endmodule

`default_nettype wire
