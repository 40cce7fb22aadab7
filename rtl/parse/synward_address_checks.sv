// SPDX-License-Identifier: BSD-2-Clause
`default_nettype none

/// What is wrong with the addresses of a SYN (FreeBSD tcp_input). Latency: 3 clocks.
module synward_address_checks (
    input  wire          clk_i,
    input  wire          v6_i,
    input  wire  [127:0] faddr_i,
    input  wire  [127:0] laddr_i,
    input  wire  [15:0]  fport_i,
    input  wire  [15:0]  lport_i,
    /// no source address of a packet on the wire: unspecified, loopback, IPv4-mapped
    output logic         no_source_o,
    output logic         same_o,       ///< both addresses are the same
    output logic         self_o,       ///< both ends are the same
    output logic         multicast_o   ///< multicast, or the IPv4 limited broadcast address
);
  logic [7:0] zero_q, same_q;
  logic loop4_q, one_q, mapped_q;
  logic ports_same_q, mcast6_q, mcast4_q, v6_q;
  logic [3:0] ones_q;  // faddr high, low, laddr high, low half of an IPv4 address all ones
  always_ff @(posedge clk_i) begin
    v6_q <= v6_i;
    for (int i = 0; i < 8; i++) begin
      zero_q[i] <= faddr_i[16*i +: 16] == 16'd0;
      same_q[i] <= faddr_i[16*i +: 16] == laddr_i[16*i +: 16];
    end
    ports_same_q <= fport_i == lport_i;
    loop4_q  <= faddr_i[31:24] == 8'd127;
    one_q    <= faddr_i[15:0] == 16'd1;
    mapped_q <= &faddr_i[47:32];
    mcast6_q <= faddr_i[127:120] == 8'hff || laddr_i[127:120] == 8'hff;
    mcast4_q <= faddr_i[31:28] == 4'he || laddr_i[31:28] == 4'he;
    ones_q <= {&faddr_i[31:16], &faddr_i[15:0], &laddr_i[31:16], &laddr_i[15:0]};
  end
  logic no_source_q, self_q, same_all_q, multicast_q;
  always_ff @(posedge clk_i) begin
    no_source_q <= &zero_q || (v6_q ? &zero_q[7:3] && (mapped_q || (&zero_q[2:1] && one_q)) : loop4_q);
    same_all_q  <= &same_q;
    self_q      <= &same_q && ports_same_q;
    multicast_q <= v6_q ? mcast6_q : mcast4_q || (ones_q[3] && ones_q[2]) || (ones_q[1] && ones_q[0]);
    no_source_o <= no_source_q;
    self_o      <= self_q;
    same_o      <= same_all_q;
    multicast_o <= multicast_q;
  end
endmodule

`default_nettype wire
