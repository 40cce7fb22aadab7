// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_tx_beat:
//   Mode 0, stability, with resets at any clock: what is on offer stays, to the bit, until it is taken (AXI4-Stream);
//   Mode 1, without a reset: every beat comes out once, in order, with its bytes, a clock later at a port that takes,
//           and it says no only where two are held;
//   Mode 2, with resets at any clock: no frame is torn or merged. Beats from behind a reset bear another mark than
//           those before it: within a frame that has begun, none follows but its own or its end with terror_o.
`default_nettype none
`include "synward_records.svh"
module formal_tx_beat #(
    parameter int Mode = 0
) (
    input wire clk_i,
    input wire rst_ni,
    input wire valid_i,
    input wire [518:0] beat_i,
    input wire tready_i,
    input wire pick_i
);
  reg started = 0;
  always @(posedge clk_i) started <= 1;
  wire rst_n = started && (Mode == 1 || rst_ni);
  reg after = 0;  // from behind the reset that was picked
  wire [518:0] beat = Mode == 2 ? {beat_i[518:512], 504'd0, after, 7'd0} : beat_i;
  wire ready;
  synward_beat_t tx;
  synward_moved_t moved;
  wire tvalid = tx.valid, tlast = tx.last, terror = tx.error;
  wire [511:0] tdata = tx.data;
  wire [63:0] tkeep = tx.keep;
  synward_tx_beat dut (
      .clk_i, .rst_ni(rst_n), .valid_i, .beat_i(beat), .ready_o(ready), .tx_o(tx),
      .tx_ready_i(tready_i), .moved_o(moved));

  reg waits = 0, last_q, error_q;
  reg [511:0] data_q;
  reg [63:0] keep_q;
  wire [521:0] x_kept;  //: dut.kept_q
  reg [1:0] held = 0;
  reg [518:0] word, behind;  // on offer, and behind it
  wire push = valid_i && ready;
  wire pop = tvalid && tready_i;
  reg in_frame = 0, from;
  integer i;
  always @(posedge clk_i) begin
    waits <= started && tvalid && !tready_i;
    {last_q, error_q, data_q, keep_q} <= {tlast, terror, tdata, tkeep};
    if (!rst_n && pick_i) after <= 1;
    if (Mode == 0 && waits) assert (tvalid && {tlast, terror, tdata, tkeep} == {last_q, error_q, data_q, keep_q});
    if (Mode == 1 && started) begin
      held <= held + push - pop;
      if (push && held == (pop ? 1 : 0)) word <= beat_i;
      else if (pop) word <= behind;
      if (push) behind <= beat_i;
      assert (tvalid == (held != 0) && ready == (held != 2) && held != 3);
      if (held == 2) assert (x_kept[518:0] == behind);
      if (held != 0) begin
        assert (tdata == word[511:0] && tlast == word[518] && !terror);
        for (i = 0; i < 64; i = i + 1) assert (tkeep[i] == (word[517:512] >= i));
      end
    end
    if (Mode == 2 && started) begin
      if (tvalid && tready_i) begin
        in_frame <= !tlast;
        from <= tdata[7];
      end
      if (tvalid && in_frame) assert (terror || tdata[7] == from);
      if (tvalid && !in_frame) assert (!(terror && !tlast));
      if (tvalid && terror) assert (tlast);
    end
  end
endmodule
`default_nettype wire
