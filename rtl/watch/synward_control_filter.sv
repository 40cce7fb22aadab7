// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// Takes control frames (EtherType 0x88b5, behind up to two VLAN tags) out of the host's beats: they are between the
/// host and the card alone. Latency: 2 clocks.
module synward_control_filter (
    input  wire          clk_i,
    input  wire          rst_ni,
    // synward_rx_beat's; bytes beyond the frame are zero
    input  wire          valid_i,
    input  wire          first_i,
    input  wire          last_i,
    input  wire          error_i,   ///< with the last beat
    input  wire  [5:0]   top_i,
    input  wire  [511:0] data_i,
    output logic         valid_o,   ///< a beat of another frame
    output logic         error_o,
    output synward_inner_beat_t beat_o
);
  logic valid_q, first_q, error_q, tag12_q, tag16_q, control12_q, control16_q, control20_q, taking_q;
  synward_inner_beat_t beat_q;
  wire control = control12_q || (tag12_q && (control16_q || (tag16_q && control20_q)));
  wire take = first_q ? control : taking_q;
  always_ff @(posedge clk_i) begin
    valid_q <= rst_ni && valid_i;
    first_q <= first_i;
    error_q <= error_i;
    beat_q  <= {last_i, top_i, data_i};
    tag12_q <= synward_logic_pkg::is_tag_bytes(data_i[96 +: 16]);
    tag16_q <= synward_logic_pkg::is_tag_bytes(data_i[128 +: 16]);
    control12_q <= synward_logic_pkg::is_control_bytes(data_i[96 +: 16]);
    control16_q <= synward_logic_pkg::is_control_bytes(data_i[128 +: 16]);
    control20_q <= synward_logic_pkg::is_control_bytes(data_i[160 +: 16]);

    if (valid_q) taking_q <= take;
    valid_o <= rst_ni && valid_q && !take;
    error_o <= error_q;
    beat_o  <= beat_q;
  end
endmodule

`default_nettype wire
