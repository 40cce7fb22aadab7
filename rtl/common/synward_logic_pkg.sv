// SPDX-License-Identifier: BSD-2-Clause

/// Small functions, some for which Yosys would otherwise build carry chains behind LUTs, and what several modules know.
package synward_logic_pkg;
  /// Where a beat (synward_inner_beat_t) is chosen or kept, each part of it follows a register of its own.
  localparam int BeatParts = 9;
  localparam int BeatPartW = 58;

  /// Clocks of a way between two dies (synward_slr_pipe).
  localparam int SlrClocks = 2;

  /// x >= c for a constant c, as plain logic.
  function automatic logic at_least(input logic [15:0] x, input logic [15:0] c);
    at_least = 1'b1;
    for (int i = 0; i < 16; i++) at_least = c[i] ? x[i] && at_least : x[i] || at_least;
  endfunction

  /// log2 of the due groups of 2^log_buckets buckets.
  function automatic int log_groups(input int log_buckets);
    log_groups = log_buckets > 8 ? log_buckets - 6 : log_buckets - 3;
  endfunction

  /// EtherType of control frames, one for local experiments (IEEE 802).
  function automatic logic is_control(input logic [15:0] ethertype);
    is_control = ethertype == 16'h88b5;
  endfunction

  /// The same of two bytes as they stand in a stream, the first one least significant, and likewise the TPID of a VLAN
  /// tag.
  function automatic logic is_control_bytes(input logic [15:0] bytes);
    is_control_bytes = is_control({bytes[7:0], bytes[15:8]});
  endfunction
  function automatic logic is_tag_bytes(input logic [15:0] bytes);
    is_tag_bytes = bytes == 16'h0081 || bytes == 16'ha888;
  endfunction

  /// SipHash's state before the first word: v3, v2, v1, v0. The key's first byte is in bits 7:0.
  function automatic logic [255:0] siphash_init(input logic [127:0] key);
    siphash_init = {key[127:64] ^ 64'h7465646279746573, key[63:0] ^ 64'h6c7967656e657261,
                    key[127:64] ^ 64'h646f72616e646f6d, key[63:0] ^ 64'h736f6d6570736575};
  endfunction

  /// Keccak's chi (FIPS 202, 3.2.4) of five bits, each with two below it.
  function automatic logic [4:0] chi5(input logic [4:0] x);
    chi5 = x ^ (~{x[3:0], x[4]} & {x[2:0], x[4:3]});
  endfunction

  /// In which 16 ms a mark was made, in five bits: two times of the same 16 ms are alike, and others are by chance,
  /// one of 32. Mixed of 2^24 ms: a client's retransmissions, whose intervals double, would meet the same bits of a
  /// plain clock again and again; and not by xor alone, under which some distances are alike for every other begin.
  function automatic logic [4:0] mark_slot(input logic [23:0] time_ms);
    logic [4:0] a, b, c, d;
    a = chi5(time_ms[8:4]);
    b = chi5(time_ms[13:9]);
    c = chi5(time_ms[18:14]);
    d = chi5(time_ms[23:19]);
    mark_slot = a ^ {b[0], b[1], b[2], b[3], b[4]} ^ {c[0], c[4:1]} ^ {d[2:0], d[4:3]};
  endfunction

  /// x < y for six bits, as plain logic.
  function automatic logic less6(input logic [5:0] x, input logic [5:0] y);
    less6 = 1'b0;
    for (int i = 0; i < 6; i++) less6 = (!x[i] && y[i]) || ((!x[i] || y[i]) && less6);
  endfunction
endpackage
