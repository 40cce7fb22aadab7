// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The services: which destination addresses and ports the card answers for, and how. Entries are tried in their order,
/// the first match wins. Address at clock 0, port at clock 4, answer at clock 8.
module synward_service_table #(
    parameter int LogEntries = 5  ///< log2 of the entries
) (
    input  wire                   clk_i,
    input  wire                   rst_ni,
    // configuration: one entry in one clock; it counts two clocks later
    input  synward_service_write_t write_i,
    // question
    input  wire                   v6_i,       ///< clock 0
    input  wire  [127:0]          laddr_i,    ///< clock 0
    input  wire  [15:0]           lport_i,    ///< clock 4
    // answer, clock 8
    output logic                  addr_hit_o,  ///< some entry matches the address
    output logic                  hit_o,
    output logic [LogEntries-1:0] number_o,    ///< of the entry that hit
    output synward_service_t      service_o
);
  if (LogEntries < 1 || LogEntries > 5) begin : gen_refused_log_entries
    $error("synward_service_table: LogEntries must be 1 to 5");
  end
  localparam int Entries = 1 << LogEntries;

  logic [Entries-1:0] valid_q, any_addr_q, match4_q, match6_q, any_port_q;
  logic [63:0] addr_hi_q [0:Entries-1];
  logic [63:0] addr_lo_q [0:Entries-1];
  logic [15:0] port_q [0:Entries-1];
  (* ram_style = "distributed" *) logic [`SYNWARD_SERVICE_W-1:0] service_mem [0:Entries-1];

  // What is written waits a clock for its entry's own enable.
  logic [Entries-1:0] write_q;
  logic write_any_q;
  logic [LogEntries-1:0] at_q;
  logic w_valid_q, w_any_q, w_match4_q, w_match6_q, w_any_port_q;
  logic [127:0] w_addr_q;
  logic [15:0] w_port_q;
  logic [`SYNWARD_SERVICE_W-1:0] w_service_q;
  always_ff @(posedge clk_i) begin
    for (int i = 0; i < Entries; i++) write_q[i] <= rst_ni && write_i.write && write_i.index == 5'(i);
    write_any_q <= rst_ni && write_i.write;
    at_q <= write_i.index[LogEntries-1:0];
    {w_valid_q, w_any_q, w_match4_q, w_match6_q} <= {write_i.valid, write_i.any, write_i.match4, write_i.match6};
    w_any_port_q <= write_i.port == 16'd0;
    w_addr_q <= write_i.addr;
    w_port_q <= write_i.port;
    w_service_q <= write_i.service;
    for (int i = 0; i < Entries; i++) begin
      if (write_q[i]) begin
        valid_q[i]    <= w_valid_q;
        any_addr_q[i] <= w_any_q;
        match4_q[i]   <= w_match4_q;
        match6_q[i]   <= w_match6_q;
        any_port_q[i] <= w_any_port_q;
        addr_hi_q[i]  <= w_addr_q[127:64];
        addr_lo_q[i]  <= w_addr_q[63:0];
        port_q[i]     <= w_port_q;
      end
    end
    if (write_any_q) service_mem[at_q] <= w_service_q;
    if (!rst_ni) valid_q <= '0;
  end

  // 1, 2: address
  logic [Entries-1:0] hi_q, lo_q, family_q, address_q;
  always_ff @(posedge clk_i) begin
    for (int i = 0; i < Entries; i++) begin
      hi_q[i] <= addr_hi_q[i] == laddr_i[127:64];
      lo_q[i] <= addr_lo_q[i] == laddr_i[63:0];
    end
    family_q <= valid_q & (v6_i ? match6_q : match4_q);
    address_q <= family_q & (any_addr_q | (hi_q & lo_q));
  end

  // 3 to 5: any address match; port
  logic [7:0] any3_q;
  logic any4_q;
  logic [Entries-1:0] address3_q, address4_q, address5_q, port5_q;
  always_ff @(posedge clk_i) begin
    address3_q <= address_q;
    address4_q <= address3_q;
    address5_q <= address4_q;
    for (int g = 0; g < 8; g++) any3_q[g] <= |address_q[(Entries/8)*g +: Entries/8];
    any4_q <= |any3_q;
    for (int i = 0; i < Entries; i++) port5_q[i] <= any_port_q[i] || port_q[i] == lport_i;
  end

  // 6, 7: the first match, as a number
  logic [Entries-1:0] match_q;
  logic hit_q;
  logic [LogEntries-1:0] first, index_q;
  always_comb begin
    first = '0;
    for (int i = Entries - 1; i >= 0; i--) if (match_q[i]) first = LogEntries'(i);
  end
  always_ff @(posedge clk_i) begin
    match_q <= address5_q & port5_q;
    index_q <= first;
    hit_q   <= |match_q;
  end

  // 8: what it says
  logic [3:0] any_line_q;
  always_ff @(posedge clk_i) begin
    any_line_q <= {any_line_q[2:0], any4_q};
    addr_hit_o <= any_line_q[2];
    hit_o <= hit_q;
    number_o <= index_q;
    service_o <= service_mem[index_q];
  end
endmodule

`default_nettype wire
