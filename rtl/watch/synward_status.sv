// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Checks the tag of one status after the other (docs/theory-of-operation.md, section 3, "Control frames") by one
/// SipHash round in three clocks: 38 to 56 clocks for the current control key, as long again for the former one. What
/// many bits follow is chosen a clock before.
/// Sixteen may wait; what comes beyond is refused.
module synward_status #(
    parameter int LogServices = 5  ///< log2 of the service table's entries
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [127:0] key0_i,        ///< current control key, first byte in bits 7:0
    input  wire  [127:0] key1_i,        ///< former
    input  wire  [1:0]   keys_i,        ///< which of them there are
    // a status that is well formed
    input  wire          valid_i,
    input  synward_request_t request_i, ///< of it: time_ms, v6 to ack, note, service, Ethernet header
    input  wire  [31:0]  content_i,     ///< the mark's flags, window scales, MSS
    input  wire  [31:0]  tag_i,
    input  wire          service_i,     ///< request_i.service means something
    output logic         full_o,        ///< valid_i is refused
    output logic         busy_o,        ///< there are some
    // one that is right, or wrong, for one clock
    input  wire          ready_i,       ///< the result may be shown in the next clock
    output logic         right_o,
    output logic [3:0]   right_copies_o,  ///< right_o, for a part of the request each
    output logic         wrong_o,
    output logic         learn_o,       ///< right, and its service has an agent
    output synward_request_t request_o
);
  function automatic logic [15:0] swap16(input logic [15:0] x);
    swap16 = {x[7:0], x[15:8]};
  endfunction
  function automatic logic [31:0] swap32(input logic [31:0] x);
    swap32 = {x[7:0], x[15:8], x[23:16], x[31:24]};
  endfunction
  function automatic logic [63:0] swap64(input logic [63:0] x);
    swap64 = {x[7:0], x[15:8], x[23:16], x[31:24], x[39:32], x[47:40], x[55:48], x[63:56]};
  endfunction

  // ---- those that wait
  localparam int W = 1 + 64 + 32 + 1 + 256 + 32 + 64 + 5 + LogServices + 96 + 66;
  logic [4:0] count_q;  // counts what leaves a clock late: never too few
  logic pop_q;
  wire push = valid_i && !count_q[4];
  wire [W-1:0] waiting;
  wire [3:0] pop;
  wire empty;
  synward_ring_fifo #(.Width(W), .LogDepth(4)) u_waiting (
      .clk_i, .rst_ni, .push_i(push),
      .data_i({service_i, content_i, tag_i, request_i.time_ms, request_i.v6, request_i.faddr, request_i.laddr,
      request_i.fport, request_i.lport, request_i.seq, request_i.ack,
               request_i.note, request_i.service[LogServices-1:0], request_i.mac_dst, request_i.mac_src,
                   request_i.tags, request_i.tag1, request_i.tag2}),
      .pop_i(pop[0]), .data_o(waiting), .empty_o(empty));
  assign full_o = count_q[4];
  assign busy_o = !empty || load_q || start[0] || busy_q || done_q;
  always_ff @(posedge clk_i) begin
    pop_q <= rst_ni && pop[0];
    count_q <= rst_ni ? count_q + {4'd0, push} - {4'd0, pop_q} : 5'd0;
  end

  // ---- the one at work
  logic [W-1:0] work_q;
  logic service;
  logic [31:0] content, tag;
  logic [LogServices-1:0] number;
  synward_request_t q;
  always_comb begin
    q = '0;
    {service, content, tag, q.time_ms, q.v6, q.faddr, q.laddr, q.fport, q.lport, q.seq, q.ack, q.note, number,
        q.mac_dst, q.mac_src, q.tags, q.tag1, q.tag2} = work_q;
    q.op = OpStatus;
    q.flags = 8'h10;
    q.service = 5'(number);
  end
  assign request_o = q;
  logic load_q, busy_q, done_q, second_q, ok_q;
  logic [1:0] tick_q;
  logic round_q;            // second round of a word, or odd round of the end
  logic [2:0] left_q;       // words left, this one included; 0: the end
  logic last_q;             // left_q is 1
  logic [1:0] end_q;
  logic [447:0] words_q;
  logic [255:0] v_q;
  wire [255:0] v;
  synward_sip_round #(.Message(0)) u_round (.clk_i, .v_i(v_q), .m_i(64'd0), .next_i(64'd0), .v_o(v));
  wire [63:0] m = words_q[63:0];
  wire [63:0] next = words_q[127:64];
  wire [31:0] hash = v[31:0] ^ v[63:32] ^ v[95:64] ^ v[127:96] ^ v[159:128] ^ v[191:160] ^ v[223:192] ^ v[255:224];
  wire [127:0] tuple4 = {swap32(q.laddr[31:0]), swap32(q.faddr[31:0]), 64'd0};
  wire [63:0] word_ports = {swap32(q.seq), swap16(q.lport), swap16(q.fport)};
  wire [63:0] word_mark = {swap16(content[15:0]), content[23:16], content[31:24], swap32(q.ack)};
  wire [63:0] word_last = {q.v6 ? 8'd49 : 8'd25, 51'd0, q.note};
  // With the former key, if there is one.
  wire again = done_q && !ok_q && !second_q && keys_i[1];
  wire starts = rst_ni && (load_q || again) && !start[0];
  wire shifts = busy_q && tick_q == 2'd1 && left_q != 3'd0 && round_q;
  wire steps = busy_q && tick_q == 2'd1;
  wire [9:0] start;           // for the states, for each word, for halves of the hash's state
  wire [6:0] move;            // the words begin, or shift
  wire [1:0] mix, turn;       // the state takes a word in; it begins, or goes on
  wire [1:0] first;           // with the current key
  wire [6:0] v6;
  localparam int V6At = 256 + 32 + 64 + 5 + LogServices + 96 + 66;
  synward_fanout #(.Copies(4)) u_pop (.clk_i, .bit_i(rst_ni && !empty && !pop[0] && !load_q && !start[0] && !busy_q
      && !done_q), .copies_o(pop));
  synward_fanout #(.Copies(10)) u_start (.clk_i, .bit_i(starts), .copies_o(start));
  synward_fanout #(.Copies(7)) u_move (.clk_i, .bit_i(starts || shifts), .copies_o(move));
  synward_fanout #(.Copies(2)) u_mix (.clk_i, .bit_i(shifts), .copies_o(mix));
  synward_fanout #(.Copies(2)) u_turn (.clk_i, .bit_i(starts || steps), .copies_o(turn));
  synward_fanout #(.Copies(2)) u_first (.clk_i, .bit_i(load_q), .copies_o(first));
  synward_fanout #(.Copies(7)) u_v6 (.clk_i, .bit_i(pop[0] ? waiting[V6At] : v6[0]), .copies_o(v6));
  function automatic logic [447:0] each(input logic [6:0] x);
    each = {{64{x[6]}}, {64{x[5]}}, {64{x[4]}}, {64{x[3]}}, {64{x[2]}}, {64{x[1]}}, {64{x[0]}}};
  endfunction
  wire [447:0] words6 = {word_last, word_mark, word_ports, swap64(q.laddr[63:0]), swap64(q.laddr[127:64]),
      swap64(q.faddr[63:0]), swap64(q.faddr[127:64])};
  wire [447:0] words4 = {192'd0, word_last, word_mark, word_ports, tuple4[127:64]};
  wire [447:0] words = (((words6 & each(v6)) | (words4 & ~each(v6))) & each(start[7:1]))
      | ({64'd0, words_q[447:64]} & ~each(start[7:1]));
  wire [255:0] begun = synward_logic_pkg::siphash_init({first[1] ? key0_i[127:64] : key1_i[127:64],
      first[0] ? key0_i[63:0] : key1_i[63:0]}) ^ {v6[0] ? swap64(q.faddr[127:64]) : tuple4[127:64], 192'd0};
  wire [255:0] mixed = v ^ {last_q ? 64'd0 : next, last_q ? 64'hff : 64'd0, 64'd0, m};

  wire right = done_q && !again && ready_i && ok_q;
  synward_fanout #(.Copies(5)) u_right (.clk_i, .bit_i(rst_ni && right), .copies_o({right_o, right_copies_o}));

  localparam int WorkW = (W + 2) / 3;
  always_ff @(posedge clk_i) begin
    if (pop[1]) work_q[WorkW-1:0] <= waiting[WorkW-1:0];
    if (pop[2]) work_q[2*WorkW-1:WorkW] <= waiting[2*WorkW-1:WorkW];
    if (pop[3]) work_q[W-1:2*WorkW] <= waiting[W-1:2*WorkW];
    for (int w = 0; w < 7; w++) if (move[w]) words_q[64*w +: 64] <= words[64*w +: 64];
    if (turn[0]) v_q[127:0] <= start[8] ? begun[127:0] : mix[0] ? mixed[127:0] : v[127:0];
    if (turn[1]) v_q[255:128] <= start[9] ? begun[255:128] : mix[1] ? mixed[255:128] : v[255:128];
    load_q <= rst_ni && pop[0];
    last_q <= left_q == 3'd1;
    if (start[0]) begin
      left_q <= v6[0] ? 3'd7 : 3'd4;
      second_q <= !first[0];
      busy_q <= 1'b1;
      done_q <= 1'b0;
      tick_q <= 2'd0;
      round_q <= 1'b0;
      end_q <= 2'd0;
    end else if (busy_q) begin
      tick_q <= tick_q == 2'd2 ? 2'd0 : tick_q + 2'd1;
      if (tick_q == 2'd2) begin
        round_q <= !round_q;
        if (left_q != 3'd0 && round_q) left_q <= left_q - 3'd1;
        if (left_q == 3'd0) begin
          end_q <= end_q + 2'd1;
          if (end_q == 2'd3) begin
            busy_q <= 1'b0;
            done_q <= 1'b1;
            ok_q <= hash == tag && keys_i[0];
          end
        end
      end
    end else if (done_q && ready_i && !again) begin
      done_q <= 1'b0;
    end
    wrong_o <= rst_ni && done_q && !again && ready_i && !ok_q;
    learn_o <= rst_ni && right && service;
    if (!rst_ni) begin
      busy_q <= 1'b0;
      done_q <= 1'b0;
    end
  end
  wire unused = &{1'b0, request_i, tuple4[63:0]};
endmodule

`default_nettype wire
