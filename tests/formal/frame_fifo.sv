// SPDX-License-Identifier: BSD-2-Clause
// Proved of synward_frame_fifo, for every traffic and every reader:
//   Mode 0, accounts: each frame that was to be kept has one answer, is stored whole or not at all, no beat is lost,
//           made up or overwritten, and what is held shows within four clocks;
//   Mode 1, room: a frame is refused only where a beat of it met at most Reserve free places, one more counting as
//           taken in the clock behind its read;
//   Mode 2, order: a beat marked anywhere comes out behind exactly those that were stored before it, with its bytes.
// x_*: the module's own registers (proofs.list says which), for what the induction needs to be told.
`default_nettype none
module formal_frame_fifo #(
    parameter int Width = 2,
    parameter int LogDepth = 3,
    parameter int Mode = 0,
    parameter bit Ungated = 0
) (
    input wire clk_i,
    input wire valid_i,
    input wire [Width-1:0] beat_i,
    input wire last_i,
    input wire keep_i,
    input wire ready_i,
    input wire mark_i
);
  localparam int Depth = 1 << LogDepth;
  localparam int Reserve = 4;
  reg started = 0;
  reg [1:0] reset = 0;
  always @(posedge clk_i) begin
    if (reset != 2) reset <= reset + 1'b1;
    else started <= 1;
  end

  wire stored, refused, valid;
  wire [LogDepth:0] used;
  wire [Width-1:0] beat;
  wire push = valid_i && started;
  wire pop = valid && ready_i && started;
  synward_frame_fifo #(.Width(Width), .LogDepth(LogDepth), .Ungated(Ungated)) dut (
      .clk_i, .rst_ni(started), .valid_i(push), .beat_i, .last_i, .keep_frame_i(keep_i), .stored_o(stored),
      .refused_o(refused), .used_o(used), .valid_o(valid), .beat_o(beat), .ready_i);

  wire [LogDepth:0] x_head, x_start, x_commit, x_tail;  //: dut.head_q dut.start_q dut.commit_q dut.tail_q
  wire [LogDepth:0] x_free, x_free_start;  //: dut.free_q dut.free_start_q
  wire x_ram_valid, x_fits, x_fetched;  //: dut.ram_valid_q dut.fits dut.fetched_q
  wire [Width-1:0] x_ram;  //: dut.ram_q
  wire [Width*Depth-1:0] x_mem;  //: dut.mem:8

  wire [LogDepth:0] in_memory = x_commit - x_tail;
  wire [LogDepth:0] written = x_head - x_start;
  wire [LogDepth:0] all = x_head - x_tail;
  wire [LogDepth:0] before = x_start - x_tail;  // of frames before the one under way

  // Accounts kept outside.
  reg [LogDepth+1:0] held = 0;  // beats of stored frames that were not read
  reg [LogDepth:0] part = 0;    // beats of the frame under way that were taken
  reg [LogDepth:0] length = 0;  // of the frame that ended a clock ago
  reg spilt = 0, keep_q = 0, spilt_q = 0, last_q = 0;
  wire [LogDepth+1:0] fill = held + (stored ? length : 0);
  reg [2:0] starving = 0;
  reg tight = 0, tight_q = 0;  // a beat of the frame met too little room

  // The marked beat: within the frame under way, at its end, on its way out.
  reg m_in = 0, m_wait = 0, m_out = 0;
  reg [Width-1:0] m_word;
  reg [LogDepth:0] m_pos, m_addr;
  reg [LogDepth+1:0] m_ahead;
  wire [Width-1:0] x_marked = x_mem[Width*m_addr[LogDepth-1:0] +: Width];
  wire [LogDepth+1:0] ahead = m_wait ? held + m_pos : m_ahead;
  wire pending = m_out || (m_wait && stored);
  wire [1:0] registers = x_ram_valid + valid;
  wire [LogDepth:0] m_there = x_start + m_pos;
  wire [LogDepth:0] m_will = x_tail + ahead - registers;
  wire [LogDepth:0] room = Depth - all;

  always @(posedge clk_i) begin
    last_q <= push && last_i;
    keep_q <= push && last_i && keep_i;
    if (push) begin
      part <= last_i ? 0 : part + x_fits;
      spilt <= !last_i && (spilt || !x_fits);
      tight <= !last_i && (tight || room <= Reserve + 1);
    end
    if (push && last_i) begin
      length <= part + 1'b1;
      spilt_q <= spilt || !x_fits;
      tight_q <= tight || room <= Reserve + 1;
    end
    if (started) held <= fill - pop;
    starving <= started && held != 0 && !valid ? starving + 1'b1 : 0;

    if (!m_in && !m_wait && !m_out && push && mark_i && x_fits) begin
      m_word <= beat_i;
      m_pos <= part;
      m_addr <= x_head;
      m_in <= !last_i;
      m_wait <= last_i;
    end else if (m_in && push && last_i) begin
      m_in <= 0;
      m_wait <= 1;
    end
    if (m_wait) begin
      m_wait <= 0;
      m_out <= stored && !(ahead == 0 && pop);
      m_ahead <= ahead - pop;
    end else if (m_out && pop) begin
      if (m_ahead == 0) m_out <= 0;
      m_ahead <= m_ahead - 1'b1;
    end

    if (started) begin
      assert (fill == in_memory + x_ram_valid + valid);
      assert (all <= Depth && in_memory <= all);
      assert (spilt || written == part);
      assert (x_free + x_fetched + all == Depth);
      assert (x_free_start + x_fetched + before == Depth);
    end
    if (Mode == 0 && started) begin
      assert ((stored || refused) == keep_q);
      assert (!(stored && refused));
      assert (stored == (keep_q && !spilt_q));
      assert (starving < 4);
    end
    if (Mode == 1 && started && refused) assert (tight_q);
    if (Mode == 2 && started) begin
      if (pending && ahead == 0 && valid) assert (beat == m_word);
      if (pending) assert (ahead < fill);
      // Where the marked beat is, until then.
      if (m_in && !spilt) begin
        assert (x_marked == m_word && m_addr == m_there);
        assert (m_pos < written);
      end
      if (pending && ahead >= registers) assert (x_marked == m_word && m_addr == m_will);
      if (pending && ahead == valid && x_ram_valid) assert (x_ram == m_word);
      if (m_wait) assert (last_q);
      if (m_wait && stored) assert (m_pos < length);
    end
  end
endmodule
`default_nettype wire
