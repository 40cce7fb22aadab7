// SPDX-License-Identifier: BSD-2-Clause

/// Small functions: some for which Yosys would otherwise build carry chains behind LUTs, and one of two stages.
package synward_logic_pkg;
  /// x >= c for a constant c, as plain logic.
  function automatic logic at_least(input logic [15:0] x, input logic [15:0] c);
    at_least = 1'b1;
    for (int i = 0; i < 16; i++) at_least = c[i] ? x[i] && at_least : x[i] || at_least;
  endfunction

  /// EtherType of control frames, one for local experiments (IEEE 802).
  function automatic logic is_control(input logic [15:0] ethertype);
    is_control = ethertype == 16'h88b5;
  endfunction

  /// x < y for six bits, as plain logic.
  function automatic logic less6(input logic [5:0] x, input logic [5:0] y);
    less6 = 1'b0;
    for (int i = 0; i < 6; i++) less6 = (!x[i] && y[i]) || ((!x[i] || y[i]) && less6);
  endfunction
endpackage
