// SPDX-License-Identifier: BSD-2-Clause
/// Registers of a network port (synward_port_registers), byte offsets. host/include/synward/port_registers.hpp says the
/// same to the host; a test holds them together.
package synward_port_pkg;
  localparam logic [31:0] ID_VALUE = 32'h53594e50;  // "SYNP"
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
endpackage
