// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Counts lost events by code, 32 bits each, one a clock. Latency of a read: 2 clocks.
module synward_event_losses (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire         lost_i,
    input  wire  [4:0]  code_i,
    input  wire  [4:0]  read_code_i,
    output logic [31:0] count_o
);
  (* ram_style = "distributed" *) logic [31:0] mem [0:31];
  logic [31:0] seen_q;  // codes that have a count; the others' is 0

  // 1: the count so far, unless the loss before this one is of the same code; 2: one more
  logic lost1_q, lost2_q, after2_q;
  logic [4:0] code1_q, code2_q;
  logic [31:0] count2_q, count3_q;
  wire [31:0] count = (after2_q ? count3_q : count2_q) + 32'd1;
  always_ff @(posedge clk_i) begin
    lost1_q  <= rst_ni && lost_i;
    code1_q  <= code_i;
    lost2_q  <= rst_ni && lost1_q;
    code2_q  <= code1_q;
    after2_q <= lost2_q && code1_q == code2_q;
    count2_q <= mem[code1_q] & {32{seen_q[code1_q]}};
    count3_q <= count;
    if (lost2_q) mem[code2_q] <= count;
    for (int i = 0; i < 32; i++) if (lost2_q && code2_q == 5'(i)) seen_q[i] <= 1'b1;
    if (!rst_ni) seen_q <= '0;
  end

  logic [31:0] read_q;
  logic read_seen_q;
  always_ff @(posedge clk_i) begin
    read_q <= mem[read_code_i];
    read_seen_q <= seen_q[read_code_i];
    count_o <= read_q & {32{read_seen_q}};
  end
endmodule

`default_nettype wire
