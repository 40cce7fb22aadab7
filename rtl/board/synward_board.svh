// SPDX-License-Identifier: BSD-2-Clause
`ifndef SYNWARD_BOARD_SVH
`define SYNWARD_BOARD_SVH
`include "synward_records.svh"

/// AXI4-Lite, what the master says of the board's 64 KB: byte addresses. The slave's is synward_axil_response_t.
typedef struct packed {
  logic [15:0] awaddr;
  logic        awvalid;
  logic [31:0] wdata;
  logic [3:0]  wstrb;
  logic        wvalid;
  logic        bready;
  logic [15:0] araddr;
  logic        arvalid;
  logic        rready;
} synward_board_req_t;

/// What a CMAC says of its link, levels; in its own clock until synchronised.
typedef struct packed {
  logic        aligned;
  logic        local_fault;
  logic        remote_fault;
  logic        fec_aligned;
  logic [19:0] block_lock;
} synward_board_link_t;

`endif
