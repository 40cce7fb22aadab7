// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The one control frame that the card's own host may have on its way to the servers: its words are written one by
/// one, then it is sent whole, and the words are used up. What is not a control frame (EtherType 0x88b5, behind up to
/// two VLAN tags), or not 60 to 256 bytes long, is refused, and so is another one while a frame waits or leaves.
module synward_mail_out (
    input  wire          clk_i,
    input  wire          rst_ni,
    // registers
    input  wire          write_i,    ///< ignored while busy_o
    input  wire  [5:0]   word_i,     ///< bytes 4n to 4n+3
    input  wire  [31:0]  data_i,
    input  wire          send_i,     ///< two clocks behind the last write_i or later
    input  wire  [8:0]   length_i,   ///< bytes
    output logic         busy_o,     ///< a frame waits, or leaves; 2 clocks behind send_i
    output logic         refused_o,  ///< so ended the last send_i; 2 clocks behind it
    // the frame; from its first beat on one is on offer each clock
    output logic         valid_o,
    output synward_inner_beat_t beat_o,
    input  wire  [synward_logic_pkg::BeatParts:0] turn_i,  ///< copies: ready_i takes the beat on offer
    input  wire          ready_i,
    output logic         sent_o      ///< its last beat was taken
);

  // What was written; a word that was not is 0.
  logic [63:0] there_q;
  logic tag12_q, tag16_q, control12_q, control16_q, control20_q;
  wire take = turn_i[synward_logic_pkg::BeatParts] && ready_i;
  wire finish = valid_o && take && beat_o.last;
  wire write = write_i && !busy_o;
  logic clear_q;
  // Used up a clock behind the end; what is written just then is already of the next frame.
  always_ff @(posedge clk_i) begin
    clear_q <= !rst_ni || finish;
    if (clear_q) begin
      there_q <= '0;
      {tag12_q, control12_q, tag16_q, control16_q, control20_q} <= 5'd0;
    end
    for (int i = 0; i < 64; i++) if (write && word_i == 6'(i)) there_q[i] <= 1'b1;
    if (write && word_i == 6'd3) tag12_q <= synward_logic_pkg::is_tag_bytes(data_i[15:0]);
    if (write && word_i == 6'd3) control12_q <= synward_logic_pkg::is_control_bytes(data_i[15:0]);
    if (write && word_i == 6'd4) tag16_q <= synward_logic_pkg::is_tag_bytes(data_i[15:0]);
    if (write && word_i == 6'd4) control16_q <= synward_logic_pkg::is_control_bytes(data_i[15:0]);
    if (write && word_i == 6'd5) control20_q <= synward_logic_pkg::is_control_bytes(data_i[15:0]);
  end
  // The number of the next beat, a copy for each four words, and one for all else.
  wire [4:0] number0, number1;
  wire [1:0] number_q = {number1[4], number0[4]};
  wire [511:0] words;
  for (genvar i = 0; i < 16; i++) begin : gen_word
    (* ram_style = "distributed" *) logic [31:0] mem [0:3];
    always_ff @(posedge clk_i) if (write && word_i[3:0] == 4'(i)) mem[word_i[5:4]] <= data_i;
    wire [1:0] number = {number1[i/4], number0[i/4]};
    assign words[32*i +: 32] = mem[number] & {32{there_q[{number, 4'(i)}]}};
  end

  // Whether it may go.
  logic send_q, fits_q, control_q;
  logic [7:0] less_q;  // length less one
  wire accept = send_q && fits_q && control_q && !busy_o;
  logic [1:0] last_q;
  logic [5:0] top_q;
  // Beats are left; one is on offer. A copy of both for each part of a beat, and one for all else.
  localparam int Parts = synward_logic_pkg::BeatParts;
  localparam int PartW = synward_logic_pkg::BeatPartW;
  wire [Parts:0] loading, offered;
  assign valid_o = offered[Parts];
  wire load = loading[Parts] && (!valid_o || take);
  wire last = number_q == last_q;
  wire [PartW*Parts-1:0] next = (PartW*Parts)'({last, last ? top_q : 6'd63, words});
  logic [PartW*Parts-1:0] beat_q;
  assign beat_o = beat_q[`SYNWARD_INNER_BEAT_W-1:0];
  synward_fanout #(.Copies(Parts + 1)) u_loading (
      .clk_i, .bit_i(rst_ni && (accept || (loading[Parts] && !(load && last)))), .copies_o(loading));
  synward_fanout #(.Copies(Parts + 1)) u_offered (
      .clk_i, .bit_i(rst_ni && (load || (valid_o && !take))), .copies_o(offered));
  wire [1:0] number_next = !rst_ni || accept ? 2'd0 : number_q + 2'(load);
  synward_fanout #(.Copies(5)) u_number0 (.clk_i, .bit_i(number_next[0]), .copies_o(number0));
  synward_fanout #(.Copies(5)) u_number1 (.clk_i, .bit_i(number_next[1]), .copies_o(number1));
  for (genvar p = 0; p < Parts; p++) begin : gen_load
    wire load_part = loading[p] && (!offered[p] || (turn_i[p] && ready_i));
    always_ff @(posedge clk_i) if (load_part) beat_q[PartW*p +: PartW] <= next[PartW*p +: PartW];
  end
  always_ff @(posedge clk_i) begin
    send_q    <= rst_ni && send_i;
    fits_q    <= length_i == 9'd256 || (!length_i[8] && length_i[7:0] >= 8'd60);
    less_q    <= length_i[7:0] - 8'd1;
    control_q <= !finish && !clear_q && (control12_q || (tag12_q && (control16_q || (tag16_q && control20_q))));
    sent_o    <= rst_ni && finish;
    if (send_q) refused_o <= !accept;
    if (accept) {last_q, top_q} <= less_q;
    if (!rst_ni) begin
      busy_o    <= 1'b0;
      refused_o <= 1'b0;
    end else begin
      busy_o    <= accept || (busy_o && !finish);
    end
  end
  wire unused = &{1'b0, beat_q[PartW*Parts-1:`SYNWARD_INNER_BEAT_W]};
endmodule

`default_nettype wire
