// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// SipHash-1-3 of a connection (docs/theory-of-operation.md, section 4): foreign port, local port, foreign address,
/// local address. It says where the connection stands in the tables. One a clock. Latency: 20 clocks.
module synward_table_hash (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [127:0] key_i,    ///< first key byte in bits 7:0
    input  wire          v6_i,
    input  wire  [127:0] faddr_i,  ///< IPv4 in the low 32 bits
    input  wire  [127:0] laddr_i,
    input  wire  [15:0]  fport_i,
    input  wire  [15:0]  lport_i,
    output logic [63:0]  hash_o
);
  function automatic logic [31:0] swap32(input logic [31:0] x);
    swap32 = {x[7:0], x[15:8], x[23:16], x[31:24]};
  endfunction

  // Five message slots; the IPv4 message takes the last two.
  localparam int Slots = 5;
  localparam int First4 = 3;
  wire [31:0] ports = {lport_i[7:0], lport_i[15:8], fport_i[7:0], fport_i[15:8]};
  logic v6_q;
  logic [64*Slots-1:0] words_q;
  always_ff @(posedge clk_i) begin
    v6_q <= v6_i;
    words_q[191:0] <= {swap32(laddr_i[127:96]), swap32(faddr_i[31:0]), swap32(faddr_i[63:32]), swap32(faddr_i[95:64]),
        swap32(faddr_i[127:96]), ports};
    words_q[255:192] <= v6_i ? {swap32(laddr_i[63:32]), swap32(laddr_i[95:64])} : {swap32(faddr_i[31:0]), ports};
    words_q[319:256] <= {v6_i ? 8'd36 : 8'd12, 24'd0, swap32(laddr_i[31:0])};
  end

  wire [255:0] init = synward_logic_pkg::siphash_init(key_i);

  // Clock, after words_q, at which slot s reads its state; the choice of the state before slot First4 takes one.
  function automatic int at(input int slot);
    at = 1 + 2 * slot + (slot >= First4 ? 1 : 0);
  endfunction

  for (genvar s = 0; s < Slots; s++) begin : gen_word
    wire [63:0] early;
    logic [63:0] with_state_q;
    if (s == 0) begin : gen_first
      assign early = words_q[63:0];
    end else begin : gen_other
      synward_delay #(.Width(64), .Depth(at(s) - 1)) u_word (.clk_i, .rst_ni, .data_i(words_q[64*s +: 64]),
          .data_o(early));
    end
    always_ff @(posedge clk_i) with_state_q <= early;
  end
  wire v6_start;
  synward_delay #(.Width(1), .Depth(at(First4) - 1)) u_start (.clk_i, .rst_ni, .data_i(v6_q), .data_o(v6_start));

  for (genvar s = 0; s < Slots; s++) begin : gen_slot
    logic [255:0] v_in;
    wire [255:0] v_out;
    wire [63:0] next;
    if (s == 0) begin : gen_load
      always_ff @(posedge clk_i) v_in <= init ^ {gen_word[0].early, 192'd0};
    end else if (s == First4) begin : gen_choose
      always_ff @(posedge clk_i) v_in <= (v6_start ? gen_slot[s-1].v_out : init) ^ {gen_word[s].early, 192'd0};
    end else begin : gen_pass
      assign v_in = gen_slot[s-1].v_out;
    end
    if (s == Slots - 1 || s + 1 == First4) begin : gen_none
      assign next = 64'd0;
    end else begin : gen_next
      assign next = gen_word[s+1].early;
    end
    synward_sip_round #(.NextFinishes(s == Slots - 1)) u_round (.clk_i, .v_i(v_in), .m_i(gen_word[s].with_state_q),
        .next_i(next), .v_o(v_out));
  end

  wire [255:0] f1, f2, f3;
  synward_sip_round #(.Message(0)) u_finish1 (.clk_i, .v_i(gen_slot[Slots-1].v_out), .m_i(64'd0), .next_i(64'd0),
      .v_o(f1));
  synward_sip_round #(.Message(0)) u_finish2 (.clk_i, .v_i(f1), .m_i(64'd0), .next_i(64'd0), .v_o(f2));
  synward_sip_round #(.Message(0)) u_finish3 (.clk_i, .v_i(f2), .m_i(64'd0), .next_i(64'd0), .v_o(f3));
  always_ff @(posedge clk_i) hash_o <= f3[63:0] ^ f3[127:64] ^ f3[191:128] ^ f3[255:192];
endmodule

`default_nettype wire
