// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Holds the card's own frames, one a word, and gives them out as beats: a frame of more than 64 bytes as two. One
/// frame a clock in. Whoever sends one has seen room for it before (room_o), so that each is stored.
module synward_reply_fifo #(
    parameter int LogDepth = 9,  ///< log2 of the frames held
    parameter int Room = 64,     ///< frames that room_o speaks of, at most 2^LogDepth - 6
    parameter bit Ungated = 0    ///< writes at every clock: valid_i comes late
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          valid_i,
    input  wire  [847:0] frame_i,   ///< byte n in bits 8n+7:8n
    input  wire  [6:0]   len_i,     ///< bytes, 60..106
    output logic         stored_o,  ///< next clock
    output logic         room_o,    ///< the next Room frames certainly fit, one in this clock included
    output logic         half_o,    ///< less than half full
    output logic         valid_o,
    output synward_inner_beat_t beat_o,
    input  wire          ready_i
);
  if (Room > (1 << LogDepth) - 6) begin : gen_refused_room
    $error("synward_reply_fifo: Room must be 2^LogDepth - 6 or less");
  end
  wire [854:0] word;
  wire word_ready, refused;
  wire [LogDepth:0] used;
  synward_frame_fifo #(.Width(855), .LogDepth(LogDepth), .Ungated(Ungated)) u_words (
      .clk_i, .rst_ni, .valid_i, .beat_i({len_i - 7'd1, frame_i}), .last_i(1'b1), .keep_frame_i(1'b1), .stored_o,
      .refused_o(refused), .used_o(used),
      .valid_o, .beat_o(word), .ready_i(word_ready));

  // `used` knows nothing of the writes of two clocks, and the FIFO is full 4 beats early.
  localparam logic [LogDepth:0] RoomUpTo = (LogDepth + 1)'((1 << LogDepth) - Room - 6);
  always_ff @(posedge clk_i) begin
    room_o <= rst_ni && used <= RoomUpTo;
    half_o <= rst_ni && used[LogDepth:LogDepth-1] == 2'b00;
`ifndef SYNTHESIS
    if (rst_ni) assert (!refused);
`endif
  end

  // Which beat of the frame: a copy for each 128 bits.
  wire second;
  wire [3:0] behind;
  wire long_frame = word[854];  // number of the last byte is 64 or more
  wire last = second || !long_frame;
  wire [511:0] rest = {176'd0, word[847:512]};
  always_comb begin
    for (int p = 0; p < 4; p++) beat_o.data[128*p +: 128] = behind[p] ? rest[128*p +: 128] : word[128*p +: 128];
    beat_o.last = last;
    beat_o.top = last ? word[853:848] : 6'd63;
  end
  assign word_ready = ready_i && last;
  synward_fanout #(.Copies(5)) u_second (
      .clk_i, .bit_i(rst_ni && (valid_o && ready_i ? !last : second)), .copies_o({second, behind}));
endmodule

`default_nettype wire
