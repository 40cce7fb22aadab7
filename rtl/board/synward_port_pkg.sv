// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/board/ports.toml. Do not edit.

/// Registers of a network port (synward_port_registers), byte offsets; bits of STATUS.
package synward_port_pkg;
  localparam logic [31:0] ID_VALUE = 32'h53594e50;
  localparam logic [31:0] VERSION_VALUE = 32'h00010000;
  localparam logic [11:0] ID = 12'h000;
  localparam logic [11:0] VERSION = 12'h004;
  localparam logic [11:0] CONTROL = 12'h008;
  localparam logic [11:0] STATUS = 12'h00c;
  localparam logic [11:0] BLOCK_LOCK = 12'h010;
  localparam logic [11:0] FLAPS = 12'h020;
  localparam logic [11:0] RETRIES = 12'h024;
  localparam logic [11:0] RX_LOST = 12'h028;
  localparam logic [11:0] TX_WITHHELD = 12'h02c;
  localparam logic [11:0] RX_CUT = 12'h030;
  localparam logic [11:0] TX_DROPPED = 12'h034;
  localparam logic [11:0] RX_BAD_FCS = 12'h038;
  localparam logic [11:0] FEC_CORRECTED = 12'h03c;
  localparam logic [11:0] FEC_UNCORRECTED = 12'h040;
  localparam logic [11:0] TX_UNDERFLOW = 12'h044;
  localparam int STATUS_UP = 0;
  localparam int STATUS_OPEN = 1;
  localparam int STATUS_ALIGNED = 2;
  localparam int STATUS_LOCAL_FAULT = 3;
  localparam int STATUS_REMOTE_FAULT = 4;
  localparam int STATUS_FEC_ALIGNED = 5;
  localparam int STATUS_FEC = 6;
  localparam int STATUS_MAC_RESET = 7;
  localparam int CONTROL_ENABLE = 0;
  localparam int CONTROL_FEC = 1;
  localparam int CONTROL_WITH_PEER = 2;
  localparam int CONTROL_LOOPBACK = 4;
endpackage
