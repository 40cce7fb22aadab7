// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none
`include "synward_board.svh"

/// What the host sees and sets of a port. Counters begin at 0 at power-up and wrap at 2^32.
module synward_port_registers #(
    parameter bit FecAtReset = 1'b1  ///< CONTROL at reset: RS-FEC on
) (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  synward_board_req_t bus_i,
    output synward_axil_response_t bus_o,
    // CONTROL
    output logic               enable_o,     ///< bit 0, 1 at reset: the link may come up
    output logic               fec_o,        ///< bit 1: RS-FEC
    output logic               with_peer_o,  ///< bit 2, 1 at reset: nothing is let in while the other port is down
    output logic [2:0]         loopback_o,   ///< bits 6:4: the transceivers' loopback, 0 none, 2 near end (PMA)
    // STATUS
    input  wire                up_i,
    input  wire                open_i,       ///< frames are let in
    input  wire                mac_reset_i,
    input  wire                fec_i,        ///< in force
    input  synward_board_link_t link_i,
    // counters: pulses of this clock, and words of the MAC's clock
    input  wire                flap_i,
    input  wire                retry_i,
    input  wire                rx_lost_i,
    input  wire                tx_withheld_i,
    input  wire  [191:0]       mac_counts_i  ///< six words of 32 bits, RX_CUT lowest
);
  logic [31:0] flaps_q, retries_q, rx_lost_q, tx_withheld_q;
  always_ff @(posedge clk_i) begin
    flaps_q <= !rst_ni ? 32'd0 : flaps_q + {31'd0, flap_i};
    retries_q <= !rst_ni ? 32'd0 : retries_q + {31'd0, retry_i};
    rx_lost_q <= !rst_ni ? 32'd0 : rx_lost_q + {31'd0, rx_lost_i};
    tx_withheld_q <= !rst_ni ? 32'd0 : tx_withheld_q + {31'd0, tx_withheld_i};
  end

  synward_board_req_t words;
  synward_axil_response_t answer;
  synward_axil_words u_words (.clk_i, .rst_ni, .bus_i, .bus_o, .words_o(words), .words_i(answer));
  logic [31:0] status;
  always_comb begin
    status = 32'd0;
    status[synward_port_pkg::STATUS_UP] = up_i;
    status[synward_port_pkg::STATUS_OPEN] = open_i;
    status[synward_port_pkg::STATUS_ALIGNED] = link_i.aligned;
    status[synward_port_pkg::STATUS_LOCAL_FAULT] = link_i.local_fault;
    status[synward_port_pkg::STATUS_REMOTE_FAULT] = link_i.remote_fault;
    status[synward_port_pkg::STATUS_FEC_ALIGNED] = link_i.fec_aligned;
    status[synward_port_pkg::STATUS_FEC] = fec_i;
    status[synward_port_pkg::STATUS_MAC_RESET] = mac_reset_i;
  end
  // A function, so that the registers keep the names that constraints know them by.
  function automatic [31:0] control_word(input logic [2:0] loop, input logic peer, input logic rs_fec,
                                         input logic on);
    control_word = 32'd0;
    control_word[synward_port_pkg::CONTROL_ENABLE] = on;
    control_word[synward_port_pkg::CONTROL_FEC] = rs_fec;
    control_word[synward_port_pkg::CONTROL_WITH_PEER] = peer;
    control_word[synward_port_pkg::CONTROL_LOOPBACK +: 3] = loop;
  endfunction
  logic bvalid_q, rvalid_q;
  logic [31:0] rdata_q;
  wire write = words.awvalid && words.wvalid && !bvalid_q;
  wire read = words.arvalid && !rvalid_q;
  assign answer = {write, write, 2'b00, bvalid_q, read, rdata_q, 2'b00, rvalid_q};
  always_ff @(posedge clk_i) begin
    bvalid_q <= rst_ni && (write || (bvalid_q && !words.bready));
    rvalid_q <= rst_ni && (read || (rvalid_q && !words.rready));
    if (!rst_ni) begin
      {enable_o, fec_o, with_peer_o, loopback_o} <= {1'b1, FecAtReset, 1'b1, 3'd0};
    end else if (write && words.awaddr[11:0] == synward_port_pkg::CONTROL) begin
      enable_o <= words.wdata[synward_port_pkg::CONTROL_ENABLE];
      fec_o <= words.wdata[synward_port_pkg::CONTROL_FEC];
      with_peer_o <= words.wdata[synward_port_pkg::CONTROL_WITH_PEER];
      loopback_o <= words.wdata[synward_port_pkg::CONTROL_LOOPBACK +: 3];
    end
    if (read) begin
      case (words.araddr[11:0])
        synward_port_pkg::ID: rdata_q <= synward_port_pkg::ID_VALUE;
        synward_port_pkg::VERSION: rdata_q <= synward_port_pkg::VERSION_VALUE;
        synward_port_pkg::CONTROL: rdata_q <= control_word(loopback_o, with_peer_o, fec_o, enable_o);
        synward_port_pkg::STATUS: rdata_q <= status;
        synward_port_pkg::BLOCK_LOCK: rdata_q <= {12'd0, link_i.block_lock};
        synward_port_pkg::FLAPS: rdata_q <= flaps_q;
        synward_port_pkg::RETRIES: rdata_q <= retries_q;
        synward_port_pkg::RX_LOST: rdata_q <= rx_lost_q;
        synward_port_pkg::TX_WITHHELD: rdata_q <= tx_withheld_q;
        synward_port_pkg::RX_CUT: rdata_q <= mac_counts_i[31:0];
        synward_port_pkg::TX_DROPPED: rdata_q <= mac_counts_i[63:32];
        synward_port_pkg::RX_BAD_FCS: rdata_q <= mac_counts_i[95:64];
        synward_port_pkg::FEC_CORRECTED: rdata_q <= mac_counts_i[127:96];
        synward_port_pkg::FEC_UNCORRECTED: rdata_q <= mac_counts_i[159:128];
        synward_port_pkg::TX_UNDERFLOW: rdata_q <= mac_counts_i[191:160];
        default: rdata_q <= 32'd0;
      endcase
    end
  end
endmodule

`default_nettype wire
