// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The secrets: staged word by word, and moved to where they count in one clock (SECRET_COMMIT). None is readable.
/// A key is whole or it is not taken: what is committed twice, or with a word missing, would be a key that anybody can
/// guess.
module synward_secrets (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          write_i,
    input  wire  [3:0]   at_data_i,       ///< one-hot: word of SECRET_DATA that is written
    input  wire          at_commit_i,     ///< SECRET_COMMIT is written
    input  wire  [31:0]  data_i,
    output synward_secrets_t secrets_o,
    output logic         table_key_loaded_o,  ///< with a new table_key, for one clock
    output logic [31:0]  status_o         ///< SECRET_STATUS
);
  logic [127:0] staged_q;
  logic [4:0] loaded_q;  // cookie slot 0, cookie slot 1, ts_secret, mark_key, table_key
  logic [7:0] rotations_q;
  logic [127:0] next_mark_q;
  logic next_mark_loaded_q;
  logic [3:0] fresh_q;  // words written since the last commit
  logic refused_q;
  assign status_o = {refused_q, 14'd0, next_mark_loaded_q, rotations_q, secrets_o.control_keys[0], loaded_q[4],
      secrets_o.loaded, loaded_q[3:0], secrets_o.parity};

  wire commit = write_i && at_commit_i;
  // 0 to 4, 7 to 9
  wire is_key = (data_i[31:3] == 29'd0 && data_i[2:0] != 3'd5 && data_i[2:0] != 3'd6) || data_i[31:1] == 31'd4;
  wire take = commit && &fresh_q;
  wire rotate = take && data_i == 32'd0;
  wire slot0 = (take && data_i == 32'd1) || (rotate && secrets_o.parity);
  wire slot1 = (take && data_i == 32'd2) || (rotate && !secrets_o.parity);
  wire table_key = take && data_i == 32'd7;
  // What a commit does, it does a clock later: a register enables a key's bits.
  logic clear_q, slot0_q, slot1_q, ts_q, mark_q, next_q, swap_q, table_q, rotate_q, parity0_q, parity1_q;
  wire [1:0] control;
  synward_fanout #(.Copies(2)) u_control (
      .clk_i, .bit_i(rst_ni && take && data_i == 32'd8), .copies_o(control));
  always_ff @(posedge clk_i) begin
    clear_q   <= !rst_ni || commit;
    slot0_q   <= rst_ni && slot0;
    slot1_q   <= rst_ni && slot1;
    ts_q      <= rst_ni && take && data_i == 32'd3;
    mark_q    <= rst_ni && take && data_i == 32'd4;
    next_q    <= rst_ni && take && data_i == 32'd9;
    swap_q    <= rst_ni && commit && data_i == 32'd10 && next_mark_loaded_q;
    table_q   <= rst_ni && table_key;
    rotate_q  <= rst_ni && rotate;
    parity0_q <= rst_ni && commit && data_i == 32'd5;
    parity1_q <= rst_ni && commit && data_i == 32'd6;
  end

  wire [4:0] keys_rst_n;
  synward_reset_branch #(.Leaves(5)) u_reset (.clk_i, .rst_ni, .rst_no(keys_rst_n));
  always_ff @(posedge clk_i) begin
    for (int i = 0; i < 4; i++) if (write_i && at_data_i[i]) {fresh_q[i], staged_q[32*i +: 32]} <= {1'b1, data_i};
    if (clear_q) staged_q <= 128'd0;
    if (commit) begin
      fresh_q <= 4'd0;
      if (is_key) refused_q <= !(&fresh_q);
    end
    if (slot0_q) {loaded_q[0], secrets_o.cookie_key0} <= {1'b1, staged_q};
    if (slot1_q) {loaded_q[1], secrets_o.cookie_key1} <= {1'b1, staged_q};
    if (ts_q) {loaded_q[2], secrets_o.ts_key} <= {1'b1, staged_q};
    if (mark_q) {loaded_q[3], secrets_o.mark_key} <= {1'b1, staged_q};
    if (control[0]) {secrets_o.control_keys, secrets_o.control_key0} <= {secrets_o.control_keys[0], 1'b1, staged_q};
    if (control[1]) secrets_o.control_key1 <= secrets_o.control_key0;
    if (next_q) {next_mark_loaded_q, next_mark_q} <= {1'b1, staged_q};
    if (swap_q) begin
      secrets_o.mark_key <= next_mark_q;
      next_mark_q <= secrets_o.mark_key;
    end
    if (table_q) {loaded_q[4], secrets_o.table_key} <= {1'b1, staged_q};
    table_key_loaded_o <= rst_ni && table_q;
    if (rotate_q) begin
      secrets_o.parity <= !secrets_o.parity;
      rotations_q <= rotations_q + 8'd1;
    end
    if (parity0_q) secrets_o.parity <= 1'b0;
    if (parity1_q) secrets_o.parity <= 1'b1;
    secrets_o.loaded <= rst_ni && &loaded_q;

    if (!rst_ni) begin
      fresh_q <= 4'd0;
      refused_q <= 1'b0;
      secrets_o.control_keys <= 2'd0;
      next_mark_loaded_q <= 1'b0;
      loaded_q <= 5'd0;
      secrets_o.parity <= 1'b0;
      rotations_q <= 8'd0;
    end
    if (!keys_rst_n[0]) next_mark_q <= 128'd0;
    if (!keys_rst_n[1]) {secrets_o.cookie_key0, secrets_o.cookie_key1} <= 256'd0;
    if (!keys_rst_n[2]) {secrets_o.ts_key, secrets_o.mark_key} <= 256'd0;
    if (!keys_rst_n[3]) {secrets_o.control_key0, secrets_o.control_key1} <= 256'd0;
    if (!keys_rst_n[4]) secrets_o.table_key <= 128'd0;
  end
endmodule

`default_nettype wire
