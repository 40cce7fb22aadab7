// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_records.svh"

/// The register block (docs/registers.md): AXI4-Lite, one transaction at a time each way. Byte strobes are ignored: words only.
module synward_csr #(
    parameter int LogServices = 5,       ///< log2 of the service table's entries
    parameter int ClockHz = 322265625    ///< what CLOCK_HZ tells
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire  [31:0] time_ms_i,
    // AXI4-Lite
    input  wire  [synward_regs_pkg::AddressBits-1:0] awaddr_i,
    input  wire         awvalid_i,
    output logic        awready_o,
    input  wire  [31:0] wdata_i,
    input  wire         wvalid_i,
    output logic        wready_o,
    output logic [1:0]  bresp_o,
    output logic        bvalid_o,
    input  wire         bready_i,
    input  wire  [synward_regs_pkg::AddressBits-1:0] araddr_i,
    input  wire         arvalid_i,
    output logic        arready_o,
    output logic [31:0] rdata_o,
    output logic [1:0]  rresp_o,
    output logic        rvalid_o,
    input  wire         rready_i,
    // sysctls
    output logic [1:0]  rfc1323_o,
    output logic        sack_enable_o,
    output logic        drop_synfin_o,
    output logic        ts_offset_per_conn_o,
    output logic        unknown_ack_drop_o,
    output logic        fragments_drop_o,
    output logic        unclassified_drop_o,
    // secrets
    output logic [127:0] cookie_key0_o,
    output logic [127:0] cookie_key1_o,
    output logic [127:0] ts_key_o,
    output logic [127:0] mark_key_o,
    output logic        parity_o,
    output logic        secrets_loaded_o,
    // service table
    output logic        svc_write_o,
    output logic [LogServices-1:0] svc_index_o,
    output logic        svc_valid_o,
    output logic [127:0] svc_addr_o,
    output logic        svc_any_o,
    output logic        svc_match4_o,
    output logic        svc_match6_o,
    output logic [15:0] svc_port_o,
    output logic [`SYNWARD_SERVICE_W-1:0] svc_service_o,
    // counters
    output logic        snapshot_o,
    output logic [7:0]  counter_word_o,
    input  wire  [31:0] counter_word_i   ///< 2 clocks after counter_word_o
);
  localparam int AddressBits = synward_regs_pkg::AddressBits;

  // Writes: address and data are taken together.
  logic write_q;
  logic [AddressBits-1:0] waddr_q;
  logic [31:0] wdata_q;
  wire take_write = awvalid_i && wvalid_i && !bvalid_o && !write_q;
  assign awready_o = take_write;
  assign wready_o = take_write;
  assign bresp_o = 2'b00;
  always_ff @(posedge clk_i) begin
    write_q <= rst_ni && take_write;
    waddr_q <= {awaddr_i[AddressBits-1:2], 2'b00};
    if (take_write) wdata_q <= wdata_i;
    if (!rst_ni) bvalid_o <= 1'b0;
    else if (write_q) bvalid_o <= 1'b1;
    else if (bready_i) bvalid_o <= 1'b0;
  end
  // The decode is registered, so that a write is an enable and a word.
  logic write2_q;
  logic [31:0] w_q;
  logic at_scratch_q, at_rfc1323_q, at_sack_q, at_synfin_q, at_tsoff_q, at_unknown_q, at_fragments_q, at_unclassified_q;
  logic at_secret_commit_q, at_match_q, at_mss_q, at_window_q, at_ip_q, at_options_q, at_svc_commit_q, at_snapshot_q;
  logic [3:0] at_secret_q, at_addr_q;
  always_ff @(posedge clk_i) begin
    write2_q <= rst_ni && write_q;
    w_q <= wdata_q;
    at_scratch_q       <= waddr_q == synward_regs_pkg::REG_SCRATCH;
    at_rfc1323_q       <= waddr_q == synward_regs_pkg::REG_SYSCTL_RFC1323;
    at_sack_q          <= waddr_q == synward_regs_pkg::REG_SYSCTL_SACK_ENABLE;
    at_synfin_q        <= waddr_q == synward_regs_pkg::REG_SYSCTL_DROP_SYNFIN;
    at_tsoff_q         <= waddr_q == synward_regs_pkg::REG_SYSCTL_TS_OFFSET_PER_CONN;
    at_unknown_q       <= waddr_q == synward_regs_pkg::REG_SYSCTL_UNKNOWN_ACK;
    at_fragments_q     <= waddr_q == synward_regs_pkg::REG_SYSCTL_FRAGMENTS;
    at_unclassified_q  <= waddr_q == synward_regs_pkg::REG_SYSCTL_UNCLASSIFIED;
    at_secret_commit_q <= waddr_q == synward_regs_pkg::REG_SECRET_COMMIT;
    at_match_q         <= waddr_q == synward_regs_pkg::REG_SERVICE_MATCH;
    at_mss_q           <= waddr_q == synward_regs_pkg::REG_SERVICE_MSS;
    at_window_q        <= waddr_q == synward_regs_pkg::REG_SERVICE_WINDOW;
    at_ip_q            <= waddr_q == synward_regs_pkg::REG_SERVICE_IP;
    at_options_q       <= waddr_q == synward_regs_pkg::REG_SERVICE_OPTIONS;
    at_svc_commit_q    <= waddr_q == synward_regs_pkg::REG_SERVICE_COMMIT;
    at_snapshot_q      <= waddr_q == synward_regs_pkg::REG_SNAPSHOT;
    for (int i = 0; i < 4; i++) begin
      at_secret_q[i] <= waddr_q == synward_regs_pkg::REG_SECRET_DATA + AddressBits'(4 * i);
      at_addr_q[i]   <= waddr_q == synward_regs_pkg::REG_SERVICE_ADDR + AddressBits'(4 * i);
    end
  end

  logic [31:0] scratch_q, match_q, mss_q, window_q, ip_q, options_q;
  logic [127:0] secret_q, addr_q;
  logic [3:0] loaded_q;  // cookie slot 0, cookie slot 1, ts_secret, mark_key
  logic [7:0] rotations_q;
  wire commit = write2_q && at_secret_commit_q;
  wire slot0 = commit && (w_q == 32'd1 || (w_q == 32'd0 && parity_o));
  wire slot1 = commit && (w_q == 32'd2 || (w_q == 32'd0 && !parity_o));
  always_ff @(posedge clk_i) begin
    if (write2_q) begin
      if (at_scratch_q) scratch_q <= w_q;
      if (at_rfc1323_q) rfc1323_o <= w_q[1:0];
      if (at_sack_q) sack_enable_o <= w_q[0];
      if (at_synfin_q) drop_synfin_o <= w_q[0];
      if (at_tsoff_q) ts_offset_per_conn_o <= w_q[0];
      if (at_unknown_q) unknown_ack_drop_o <= w_q[0];
      if (at_fragments_q) fragments_drop_o <= w_q[0];
      if (at_unclassified_q) unclassified_drop_o <= w_q[0];
      if (at_match_q) match_q <= w_q;
      if (at_mss_q) mss_q <= w_q;
      if (at_window_q) window_q <= w_q;
      if (at_ip_q) ip_q <= w_q;
      if (at_options_q) options_q <= w_q;
      for (int i = 0; i < 4; i++) begin
        if (at_secret_q[i]) secret_q[32*i +: 32] <= w_q;
        if (at_addr_q[i]) addr_q[32*(3-i) +: 32] <= w_q;
      end
    end
    if (commit) secret_q <= 128'd0;
    if (slot0) {loaded_q[0], cookie_key0_o} <= {1'b1, secret_q};
    if (slot1) {loaded_q[1], cookie_key1_o} <= {1'b1, secret_q};
    if (commit && w_q == 32'd3) {loaded_q[2], ts_key_o} <= {1'b1, secret_q};
    if (commit && w_q == 32'd4) {loaded_q[3], mark_key_o} <= {1'b1, secret_q};
    if (commit && w_q == 32'd0) begin
      parity_o <= !parity_o;
      rotations_q <= rotations_q + 8'd1;
    end
    if (commit && w_q == 32'd5) parity_o <= 1'b0;
    if (commit && w_q == 32'd6) parity_o <= 1'b1;
    secrets_loaded_o <= &loaded_q;

    snapshot_o  <= rst_ni && write2_q && at_snapshot_q;
    svc_write_o <= rst_ni && write2_q && at_svc_commit_q && w_q[7:LogServices] == '0;
    svc_index_o <= w_q[LogServices-1:0];
    svc_valid_o <= w_q[8];

    if (!rst_ni) begin
      scratch_q <= 32'd0;
      match_q <= 32'd0;
      mss_q <= 32'd0;
      window_q <= 32'd0;
      ip_q <= 32'd0;
      options_q <= 32'd0;
      addr_q <= 128'd0;
      secret_q <= 128'd0;
      cookie_key0_o <= 128'd0;
      cookie_key1_o <= 128'd0;
      ts_key_o <= 128'd0;
      mark_key_o <= 128'd0;
      loaded_q <= 4'd0;
      parity_o <= 1'b0;
      rotations_q <= 8'd0;
      secrets_loaded_o <= 1'b0;
      rfc1323_o <= synward_regs_pkg::DEFAULT_RFC1323[1:0];
      sack_enable_o <= synward_regs_pkg::DEFAULT_SACK_ENABLE[0];
      drop_synfin_o <= synward_regs_pkg::DEFAULT_DROP_SYNFIN[0];
      ts_offset_per_conn_o <= synward_regs_pkg::DEFAULT_TS_OFFSET_PER_CONN[0];
      unknown_ack_drop_o <= synward_regs_pkg::DEFAULT_UNKNOWN_ACK[0];
      fragments_drop_o <= synward_regs_pkg::DEFAULT_FRAGMENTS[0];
      unclassified_drop_o <= synward_regs_pkg::DEFAULT_UNCLASSIFIED[0];
    end
  end
  assign svc_addr_o = addr_q;
  assign svc_port_o = match_q[15:0];
  assign svc_match4_o = match_q[16];
  assign svc_match6_o = match_q[17];
  assign svc_any_o = match_q[18];
  // In the order of the service record.
  assign svc_service_o = {options_q[5:4], options_q[0], options_q[1], options_q[2], mss_q[15:0], mss_q[31:16], window_q[15:0], window_q[19:16],
                          ip_q[7:0], ip_q[15:8]};

  // Reads: decoded, chosen, answered. What may not be read is not among the sources.
  logic [3:0] read_q;  // stages of one read under way
  logic [AddressBits-1:0] raddr_q;
  wire take_read = arvalid_i && !rvalid_o && read_q == 4'd0;
  assign arready_o = take_read;
  assign rresp_o = 2'b00;
  assign counter_word_o = raddr_q[9:2];
  logic is_counter_q;
  logic [31:0] a_q, b_q, c_q;
  localparam logic [31:0] Sizes = {8'd0, 8'(synward_regs_pkg::Drops), 8'(synward_regs_pkg::Counters), 8'(1 << LogServices)};
  always_ff @(posedge clk_i) begin
    read_q <= rst_ni ? {read_q[2:0], take_read} : 4'd0;
    if (take_read) raddr_q <= {araddr_i[AddressBits-1:2], 2'b00};
    is_counter_q <= raddr_q[AddressBits-1:10] == 2'b01;
    case (raddr_q)
      synward_regs_pkg::REG_ID: a_q <= synward_regs_pkg::DeviceId;
      synward_regs_pkg::REG_VERSION: a_q <= synward_regs_pkg::MapVersion;
      synward_regs_pkg::REG_SIZES: a_q <= Sizes;
      synward_regs_pkg::REG_CLOCK_HZ: a_q <= ClockHz;
      synward_regs_pkg::REG_TIME_MS: a_q <= time_ms_i;
      synward_regs_pkg::REG_SCRATCH: a_q <= scratch_q;
      default: a_q <= 32'd0;
    endcase
    case (raddr_q)
      synward_regs_pkg::REG_SYSCTL_SYNCOOKIES_ONLY: b_q <= 32'd1;
      synward_regs_pkg::REG_SYSCTL_RFC1323: b_q <= {30'd0, rfc1323_o};
      synward_regs_pkg::REG_SYSCTL_SACK_ENABLE: b_q <= {31'd0, sack_enable_o};
      synward_regs_pkg::REG_SYSCTL_DROP_SYNFIN: b_q <= {31'd0, drop_synfin_o};
      synward_regs_pkg::REG_SYSCTL_TS_OFFSET_PER_CONN: b_q <= {31'd0, ts_offset_per_conn_o};
      synward_regs_pkg::REG_SYSCTL_UNKNOWN_ACK: b_q <= {31'd0, unknown_ack_drop_o};
      synward_regs_pkg::REG_SYSCTL_FRAGMENTS: b_q <= {31'd0, fragments_drop_o};
      synward_regs_pkg::REG_SYSCTL_UNCLASSIFIED: b_q <= {31'd0, unclassified_drop_o};
      synward_regs_pkg::REG_SECRET_STATUS: b_q <= {16'd0, rotations_q, 2'd0, secrets_loaded_o, loaded_q, parity_o};
      default: b_q <= 32'd0;
    endcase
    case (raddr_q)
      synward_regs_pkg::REG_SERVICE_ADDR: c_q <= addr_q[127:96];
      synward_regs_pkg::REG_SERVICE_ADDR + AddressBits'(4): c_q <= addr_q[95:64];
      synward_regs_pkg::REG_SERVICE_ADDR + AddressBits'(8): c_q <= addr_q[63:32];
      synward_regs_pkg::REG_SERVICE_ADDR + AddressBits'(12): c_q <= addr_q[31:0];
      synward_regs_pkg::REG_SERVICE_MATCH: c_q <= match_q;
      synward_regs_pkg::REG_SERVICE_MSS: c_q <= mss_q;
      synward_regs_pkg::REG_SERVICE_WINDOW: c_q <= window_q;
      synward_regs_pkg::REG_SERVICE_IP: c_q <= ip_q;
      synward_regs_pkg::REG_SERVICE_OPTIONS: c_q <= options_q;
      default: c_q <= 32'd0;
    endcase
    if (read_q[3]) rdata_o <= is_counter_q ? counter_word_i : a_q | b_q | c_q;
    if (!rst_ni) rvalid_o <= 1'b0;
    else if (read_q[3]) rvalid_o <= 1'b1;
    else if (rready_i) rvalid_o <= 1'b0;
  end
endmodule

`default_nettype wire
