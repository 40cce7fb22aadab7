// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/records.toml. Do not edit.
`ifndef SYNWARD_RECORDS_SVH
`define SYNWARD_RECORDS_SVH

/// What a service entry says about the answers given in its name.
typedef struct packed {
  logic [1:0] mode;  // 0 pass, 1 protect, 2 drop
  logic en_ws;  // window scale may be accepted
  logic en_sack;  // SACK permitted may be accepted
  logic en_ts;  // timestamps may be accepted
  logic [15:0] mss4;  // MSS option for IPv4, bytes
  logic [15:0] mss6;  // MSS option for IPv6, bytes
  logic [15:0] window;  // window field of the SYN-ACK
  logic [3:0] wscale;  // RCV.WSCALE, 0..14
  logic [7:0] ttl;  // TTL or hop limit
  logic [7:0] tos;  // TOS or traffic class
} synward_service_t;
`define SYNWARD_SERVICE_W 73

/// What the TCP options of one segment say (FreeBSD's reading).
typedef struct packed {
  logic mark;  // a hand-off mark is present
  logic has_mss;  // MSS present
  logic has_ws;  // window scale present
  logic has_sack;  // SACK permitted present
  logic has_ts;  // timestamps present
  logic [15:0] mss;  // MSS, 0 if absent
  logic [7:0] ws;  // window scale as sent
  logic [31:0] tsval;  // TSval
  logic [31:0] tsecr;  // TSecr
} synward_options_t;
`define SYNWARD_OPTIONS_W 93

/// One frame's question to the engine. Every frame asks, in order; op 0 asks nothing.
typedef struct packed {
  logic [1:0] op;  // 0 none, 1 SYN, 2 ACK
  logic v6;  // IPv6
  logic [127:0] faddr;  // client address; IPv4 in the low 32 bits, the rest 0
  logic [127:0] laddr;  // server address, likewise
  logic [15:0] fport;  // client port
  logic [15:0] lport;  // server port
  logic [31:0] seq;  // SEG.SEQ
  logic [31:0] ack;  // SEG.ACK
  logic [15:0] mss;  // the client's MSS option, 0 if none
  logic ws_ok;  // window scale accepted
  logic [3:0] ws;  // the client's shift, 0..14
  logic sack_ok;  // SACK accepted
  logic ts_ok;  // timestamps accepted (SYN) or present (ACK)
  logic [3:0] wscale;  // RCV.WSCALE of the service
} synward_request_t;
`define SYNWARD_REQUEST_W 382

/// The engine's answer, one for each request, in order.
typedef struct packed {
  logic [1:0] op;  // as asked
  logic cookie_ok;  // ACK: the cookie is valid
  logic [31:0] iss;  // SYN: our initial send sequence number
  logic [31:0] tsoff;  // SYN: timestamp offset
  logic [7:0] mark_flags;  // ACK: flags byte of the mark
  logic [7:0] mark_wscale;  // ACK: window scale byte of the mark
  logic [15:0] mark_mss;  // ACK: MSS of the mark
  logic [31:0] mark_mac;  // ACK: MAC of the mark
} synward_verdict_t;
`define SYNWARD_VERDICT_W 131

/// What the reply builder needs of a frame besides the verdict.
typedef struct packed {
  logic [47:0] mac_dst;  // destination MAC of the frame
  logic [47:0] mac_src;  // source MAC of the frame
  logic [1:0] tags;  // VLAN tags, 0..2
  logic [31:0] tag1;  // outer tag, TPID and TCI
  logic [31:0] tag2;  // inner tag
  logic v6;  // IPv6
  logic [127:0] faddr;  // client address; IPv4 in the low 32 bits
  logic [127:0] laddr;  // server address
  logic [15:0] fport;  // client port
  logic [15:0] lport;  // server port
  logic [31:0] seq;  // SEG.SEQ
  logic [31:0] ack;  // SEG.ACK
  logic [15:0] window;  // SEG.WND, unscaled
  logic [7:0] ttl;  // TTL or hop limit of the frame
  logic [7:0] tos;  // TOS or traffic class of the frame
  logic [19:0] flowlabel;  // IPv6 flow label of the frame
  logic [13:0] len;  // frame length, bytes
  logic has_mss;  // the segment brought an MSS option
  logic ws_ok;  // window scale accepted
  logic sack_ok;  // SACK accepted
  logic ts_ok;  // timestamps accepted (SYN) or present (ACK)
  logic [31:0] tsval;  // TSval
  logic [31:0] tsecr;  // TSecr
  logic [31:0] time_ms;  // millisecond clock at the frame's first beat
  logic [15:0] svc_mss;  // service: MSS for this family
  logic [15:0] svc_window;  // service: window
  logic [3:0] svc_wscale;  // service: RCV.WSCALE
  logic [7:0] svc_ttl;  // service: TTL
  logic [7:0] svc_tos;  // service: TOS
} synward_context_t;
`define SYNWARD_CONTEXT_W 733

`endif
