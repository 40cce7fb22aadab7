// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// SipHash-2-4 (Aumasson, Bernstein), one message a clock, folded to 32 bits (low half XOR high half). Seven message
/// slots; a shorter message begins at a later slot, where the state is loaded afresh. Words 4 and 5 may come later than
/// the rest, which hides the time to make them; with Gap the state waits. Latency: 1 + 4 x (7 - First) + 8 + 1 clocks,
/// one more for each later slot in Starts, and Gap: 39 for slots 0 and 3; 31 for First 2 and slots 2 and 5.
module synward_siphash #(
    parameter int First = 0,                     ///< first slot that there is, 0..4
    parameter logic [6:0] Starts = 7'b0001001,  ///< slots at which a message may begin; First always
    parameter int Gap = 0,                       ///< clocks that the state waits before slot GapSlot
    parameter int GapSlot = 5,                   ///< 4 or 5
    /// clocks by which word4_i comes after the rest; 0: slot 4 has its word from words_i
    parameter int Late4 = 0,
    /// clocks by which word5_i comes after the rest, at most Gap + 4 x (5 - First); 0 too is of word5_i
    parameter int Late5 = 0
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [127:0] key0_i,   ///< first key byte in bits 7:0
    input  wire  [127:0] key1_i,
    input  wire  [1:0]   key_i,    ///< which key; in two copies, for half of the state each
    input  wire  [6:0]   start_i,  ///< one-hot: first slot of this message
    input  wire  [447:0] words_i,  ///< word of slot s in bits 64s+63:64s; slot 5's, and with Late4 slot 4's, is ignored
    input  wire  [63:0]  word4_i,  ///< Late4 clocks after the rest
    input  wire  [63:0]  word5_i,  ///< Late5 clocks after the rest
    output logic [31:0]  hash_o
);
  if (First < 0 || First > 4) begin : gen_refused_first
    $error("synward_siphash: First must be 0 to 4");
  end
  if (GapSlot != 4 && GapSlot != 5) begin : gen_refused_gap_slot
    $error("synward_siphash: GapSlot must be 4 or 5");
  end
  // Clock at which slot s reads its state and word.
  function automatic int at(input int slot);
    at = 1 + 4 * (slot - First) + (slot >= GapSlot ? Gap : 0);
    for (int i = First + 1; i < 7; i++) if (i <= slot && Starts[i]) at = at + 1;
  endfunction
  localparam int Latency = at(6) + 4 + 8 + 1;

  logic [Latency-1:0] key_line_q;
  always_ff @(posedge clk_i) key_line_q <= {key_line_q[Latency-2:0], key_i[0]};
  function automatic logic [127:0] chosen(input logic [1:0] which);
    chosen = {which[1] ? key1_i[127:64] : key0_i[127:64], which[0] ? key1_i[63:0] : key0_i[63:0]};
  endfunction

  // Each word, level with the register before its slot, which XORs it into v3.
  for (genvar s = First; s < 7; s++) begin : gen_word
    localparam int At = at(s);
    wire [63:0] early;
    logic [63:0] with_state_q;
    if (s == First) begin : gen_first
      assign early = words_i[64*s +: 64];
    end else if (s == 4 && Late4 > 0) begin : gen_late4
      synward_delay #(.Width(64), .Depth(At - 1 - Late4)) u_word (.clk_i, .rst_ni, .data_i(word4_i), .data_o(early));
    end else if (s == 5) begin : gen_late
      synward_delay #(.Width(64), .Depth(At - 1 - Late5)) u_word (.clk_i, .rst_ni, .data_i(word5_i), .data_o(early));
    end else begin : gen_other
      synward_delay #(.Width(64), .Depth(At - 1)) u_word (.clk_i, .rst_ni, .data_i(words_i[64*s +: 64]),
          .data_o(early));
    end
    always_ff @(posedge clk_i) with_state_q <= early;
  end

  for (genvar s = First; s < 7; s++) begin : gen_slot
    localparam int At = at(s);
    logic [255:0] v_in;
    wire [255:0] v_out;
    wire [63:0] next;
    if (s == First) begin : gen_load
      always_ff @(posedge clk_i) begin
        v_in <= synward_logic_pkg::siphash_init(chosen(key_i)) ^ {gen_word[s].early, 192'd0};
      end
    end else if (Starts[s]) begin : gen_start
      // The mux has a clock of its own, one before the slot.
      wire begins;
      wire [1:0] key;
      synward_fanout #(.Copies(2)) u_key (.clk_i, .bit_i(key_line_q[At-3]), .copies_o(key));
      synward_delay #(.Width(1), .Depth(At - 1)) u_start (.clk_i, .rst_ni, .data_i(start_i[s]), .data_o(begins));
      always_ff @(posedge clk_i) begin
        v_in <= (begins ? synward_logic_pkg::siphash_init(chosen(key)) : gen_slot[s-1].v_out)
                ^ {gen_word[s].early, 192'd0};
      end
    end else if (s == GapSlot && Gap > 0) begin : gen_gap
      wire [255:0] waited;
      if (Gap == 1) begin : gen_none
        assign waited = gen_slot[s-1].v_out;
      end else begin : gen_wait
        synward_delay #(.Width(256), .Depth(Gap - 1)) u_wait (.clk_i, .rst_ni, .data_i(gen_slot[s-1].v_out),
            .data_o(waited));
      end
      always_ff @(posedge clk_i) v_in <= waited ^ {gen_word[s].early, 192'd0};
    end else begin : gen_pass
      assign v_in = gen_slot[s-1].v_out;
    end
    if (s == 6 || Starts[(s + 1) % 7] || (s == GapSlot - 1 && Gap > 0)) begin : gen_none
      assign next = 64'd0;
    end else begin : gen_next
      assign next = gen_word[s+1].early;
    end
    synward_sip_compress #(.NextFinishes(s == 6)) u_compress (.clk_i, .v_i(v_in), .m_i(gen_word[s].with_state_q),
        .next_i(next), .v_o(v_out));
  end

  wire [255:0] f1, f2;
  synward_sip_compress #(.Message(0)) u_finish1 (.clk_i, .v_i(gen_slot[6].v_out), .m_i(64'd0), .next_i(64'd0),
      .v_o(f1));
  synward_sip_compress #(.Message(0)) u_finish2 (.clk_i, .v_i(f1), .m_i(64'd0), .next_i(64'd0), .v_o(f2));
  always_ff @(posedge clk_i)
    hash_o <= f2[31:0] ^ f2[63:32] ^ f2[95:64] ^ f2[127:96] ^ f2[159:128] ^ f2[191:160] ^ f2[223:192] ^ f2[255:224];

  wire unused = &{1'b0, key_line_q, words_i[383:256], word4_i, start_i};
endmodule

`default_nettype wire
