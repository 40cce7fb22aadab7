// SPDX-License-Identifier: BSD-2-Clause
`ifndef SYNWARD_BOARD_SVH
`define SYNWARD_BOARD_SVH

/// AXI4-Lite, what the master says. Byte addresses of the board's 64 KB.
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

/// AXI4-Lite, what the slave says.
typedef struct packed {
  logic        awready;
  logic        wready;
  logic [1:0]  bresp;
  logic        bvalid;
  logic        arready;
  logic [31:0] rdata;
  logic [1:0]  rresp;
  logic        rvalid;
} synward_board_rsp_t;

/// A beat of an AXI4-Stream but for tready. Byte n in data[8n+7:8n]; error counts with last.
typedef struct packed {
  logic         valid;
  logic         error;
  logic         last;
  logic [63:0]  keep;
  logic [511:0] data;
} synward_board_beat_t;

/// What a CMAC says of its link, levels; in its own clock until synchronised.
typedef struct packed {
  logic        aligned;
  logic        local_fault;
  logic        remote_fault;
  logic        fec_aligned;
  logic [19:0] block_lock;
} synward_board_link_t;

`endif
