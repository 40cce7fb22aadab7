// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// Keeps control frames of the host (EtherType 0x88b5, behind up to two VLAN tags) that are no statuses, version 1 and
/// another type than 1, for the card's own host: whole, up to 256 bytes each, until it takes them away. A longer one,
/// one that finds no room and one beyond the limit is refused and counted. A frame is decided 2 clocks behind its last
/// beat.
module synward_mailbox #(
    parameter int LogFrames = 6,  ///< log2 of the frames held, 1..6
    parameter int LogLimit = 6    ///< log2 of the frames stored at most within a window of 1.024 s
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    // synward_rx_beat's; bytes beyond the frame are zero
    input  wire          valid_i,
    input  wire          first_i,
    input  wire          last_i,
    input  wire          error_i,          ///< with the last beat: the frame is damaged, which others count
    input  wire  [5:0]   top_i,
    input  wire  [511:0] data_i,
    input  wire  [31:0]  time_ms_i,        ///< of the frame's first beat
    // for the counters
    output logic         stored_o,
    output logic         refused_o,        ///< one refusal, when others_refused_i leaves the clock to it
    input  wire          others_refused_i, ///< a control frame is refused elsewhere, which has the same counter
    // the oldest frame
    input  wire          pop_i,            ///< takes it away
    output logic [6:0]   waiting_o,        ///< frames held, two clocks ago
    output logic [8:0]   length_o,         ///< of the oldest, bytes; 0: there is none
    input  wire  [5:0]   word_i,           ///< bytes 4n to 4n+3, a clock behind pop_i or later
    output logic [31:0]  word_o            ///< 3 clocks later; 0 beyond the frame
);
  if (LogLimit < 1 || LogLimit > 16) begin : gen_refused_log_limit
    $error("synward_mailbox: LogLimit must be 1 to 16");
  end
  if (LogFrames < 1 || LogFrames > 6) begin : gen_refused_log_frames
    $error("synward_mailbox: LogFrames must be 1 to 6");
  end
  function automatic logic is_mail(input logic [15:0] bytes);  // version, type
    is_mail = bytes[7:0] == 8'd1 && bytes[15:8] != 8'd1;
  endfunction

  // 1: what the header says wherever it may be; whether a window begins
  logic valid1_q, first1_q, last1_q, error1_q, fresh1_q;
  logic tag12_q, tag16_q, control12_q, control16_q, control20_q, mail14_q, mail18_q, mail22_q;
  logic [517:0] beat1_q;
  logic [21:0] window_q;
  always_ff @(posedge clk_i) begin
    valid1_q <= rst_ni && valid_i;
    first1_q <= first_i;
    last1_q  <= last_i;
    error1_q <= error_i;
    beat1_q  <= {top_i, data_i};
    tag12_q  <= synward_logic_pkg::is_tag_bytes(data_i[96 +: 16]);
    tag16_q  <= synward_logic_pkg::is_tag_bytes(data_i[128 +: 16]);
    control12_q <= synward_logic_pkg::is_control_bytes(data_i[96 +: 16]);
    control16_q <= synward_logic_pkg::is_control_bytes(data_i[128 +: 16]);
    control20_q <= synward_logic_pkg::is_control_bytes(data_i[160 +: 16]);
    mail14_q <= is_mail(data_i[112 +: 16]);
    mail18_q <= is_mail(data_i[144 +: 16]);
    mail22_q <= is_mail(data_i[176 +: 16]);
    fresh1_q <= valid_i && time_ms_i[31:10] != window_q;
    if (valid_i) window_q <= time_ms_i[31:10];
  end
  wire tagged1 = (control16_q && mail18_q) || (tag16_q && control20_q && mail22_q);
  wire mail1 = (control12_q && mail14_q) || (tag12_q && tagged1);

  // 2: the frame, and which of its beats; 4: too many
  logic valid2_q, last2_q, error2_q, fresh2_q, mail2_q;
  logic [2:0] number2_q;
  logic [517:0] beat2_q;
  always_ff @(posedge clk_i) begin
    valid2_q <= rst_ni && valid1_q;
    last2_q  <= rst_ni && valid1_q && last1_q;
    error2_q <= error1_q;
    fresh2_q <= valid1_q && fresh1_q;
    beat2_q  <= beat1_q;
    if (valid1_q) begin
      if (first1_q) mail2_q <= mail1;
      number2_q <= first1_q ? 3'd0 : number2_q + {2'd0, !number2_q[2]};
    end
  end

  // Room is what there is at the first beat; the limit counts at the last.
  logic [LogFrames:0] count_q;
  logic [LogFrames-1:0] head_q, tail_q;
  logic [LogLimit:0] taken_q;
  logic room_q;  // for the frame under way
  logic some_q;  // count_q is not 0
  wire room = number2_q == 3'd0 ? !count_q[LogFrames] : room_q;
  wire write = valid2_q && mail2_q && room && !number2_q[2];
  wire store = last2_q && mail2_q && room && !number2_q[2] && !error2_q && (fresh2_q || !taken_q[LogLimit]);
  wire refuse = last2_q && mail2_q && !error2_q && !store;
  wire take = pop_i && some_q;
  (* ram_style = "block" *) logic [511:0] mem [0:4*(1<<LogFrames)-1];
  (* ram_style = "distributed" *) logic [7:0] lengths [0:(1<<LogFrames)-1];  // less one
  always_ff @(posedge clk_i) begin
    if (write) mem[{head_q, number2_q[1:0]}] <= beat2_q[511:0];
    if (store) lengths[head_q] <= {number2_q[1:0], beat2_q[517:512]};
    if (valid2_q) room_q <= room;
    if (!rst_ni) begin
      head_q  <= '0;
      tail_q  <= '0;
      count_q <= '0;
      some_q  <= 1'b0;
      taken_q <= '0;
    end else begin
      head_q <= head_q + LogFrames'(store);
      tail_q <= tail_q + LogFrames'(take);
      if (store && !take) count_q <= count_q + 1'b1;
      if (take && !store) count_q <= count_q - 1'b1;
      some_q <= store || (some_q && !(take && count_q == (LogFrames+1)'(1)));
      if (fresh2_q) taken_q <= (LogLimit+1)'(store);
      else if (store) taken_q <= taken_q + 1'b1;
    end
    stored_o <= rst_ni && store;
  end

  // Refusals wait for a clock of their own: each is of a frame that nobody else refuses, so hardly any do.
  logic [6:0] owed_q;
  logic refuse_q;
  wire [6:0] owed_more = owed_q + 7'd1;
  wire [6:0] owed_less = owed_q - 7'd1;
  assign refused_o = owed_q != 7'd0 && !others_refused_i;
  always_ff @(posedge clk_i) begin
    refuse_q <= rst_ni && refuse;
    if (!rst_ni) owed_q <= 7'd0;
    else if (refuse_q != refused_o) owed_q <= refuse_q ? owed_more : owed_less;
`ifndef SYNTHESIS
    if (rst_ni) assert (owed_q != 7'd127);
`endif
  end

  // The oldest: four words of each group, then the groups.
  logic [6:0] waiting1_q;
  logic [7:0] oldest_q;
  logic [511:0] ram_q;
  logic [5:0] word1_q;
  logic [1:0] group2_q;
  logic within2_q;
  logic [127:0] groups_q;
  always_ff @(posedge clk_i) begin
    oldest_q   <= lengths[tail_q];
    waiting1_q <= rst_ni ? 7'(count_q) : 7'd0;
    waiting_o  <= rst_ni ? waiting1_q : 7'd0;
    length_o   <= waiting1_q != 7'd0 ? {1'b0, oldest_q} + 9'd1 : 9'd0;
    ram_q    <= mem[{tail_q, word_i[5:4]}];
    word1_q  <= word_i;
    for (int g = 0; g < 4; g++) groups_q[32*g +: 32] <= ram_q[128*g + 32*word1_q[1:0] +: 32];
    group2_q <= word1_q[3:2];
    within2_q <= waiting1_q != 7'd0 && word1_q[5:4] <= oldest_q[7:6];
    word_o   <= groups_q[32*group2_q +: 32] & {32{within2_q}};
  end
endmodule

`default_nettype wire
