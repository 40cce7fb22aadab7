// SPDX-License-Identifier: BSD-2-Clause
// Made by ./dev gen from rtl/records.toml. Do not edit.
`ifndef SYNWARD_RECORDS_SVH
`define SYNWARD_RECORDS_SVH

/// What a service entry says about the answers given in its name.
typedef struct packed {
  logic [1:0] mode;  // a mode
  logic en_ws;  // window scale may be accepted
  logic en_sack;  // SACK permitted may be accepted
  logic en_ts;  // timestamps may be accepted
  logic en_ecn;  // ECN may be accepted
  logic [15:0] mss4;  // MSS option for IPv4, bytes
  logic [15:0] mss6;  // MSS option for IPv6, bytes
  logic [15:0] path_mss4;  // most that a mark says of the client's MSS, IPv4, bytes; 0: no bound
  logic [15:0] path_mss6;  // likewise, IPv6
  logic [15:0] window;  // window field of the SYN-ACK
  logic [3:0] wscale;  // RCV.WSCALE, 0..14
  logic [7:0] ttl;  // TTL or hop limit
  logic [7:0] tos;  // TOS or traffic class
} synward_service_t;
`define SYNWARD_SERVICE_W 106

/// What the TCP options of one segment say (FreeBSD's reading).
typedef struct packed {
  logic mark;  // a hand-off mark is present
  logic is_signed;  // TCP-MD5 or TCP-AO present
  logic has_mss;  // MSS present
  logic has_ws;  // window scale present
  logic has_sack;  // SACK permitted present
  logic has_ts;  // timestamps present
  logic [15:0] mss;  // MSS, 0 if absent
  logic [7:0] ws;  // window scale as sent
  logic [31:0] tsval;  // TSval
  logic [31:0] tsecr;  // TSecr
} synward_options_t;
`define SYNWARD_OPTIONS_W 94

/// One question to the engine (docs/theory-of-operation.md, section 4).
typedef struct packed {
  logic [3:0] op;  // an op
  logic [31:0] time_ms;  // millisecond clock
  logic v6;  // IPv6
  logic [127:0] faddr;  // client address; IPv4 in the low 32 bits, the rest 0
  logic [127:0] laddr;  // server address, likewise
  logic [15:0] fport;  // client port
  logic [15:0] lport;  // server port
  logic [31:0] seq;  // SEG.SEQ; UNREACH: the quoted one; VISIT, PEEK: bucket; STATUS: the mark's
  logic [31:0] ack;  // SEG.ACK; STATUS: the mark's; PEEK: a way, one-hot, or 0
  logic [7:0] flags;  // TCP flags, FIN in bit 0; PEEK: a peek
  logic has_mss;  // the segment brought an MSS option
  logic [15:0] mss;  // the client's MSS option, 0 if none
  logic ws_ok;  // window scale accepted
  logic [3:0] ws;  // the client's shift, 0..14
  logic sack_ok;  // SACK accepted
  logic ts_ok;  // timestamps accepted (SYN) or present (ACK)
  logic ecn_ok;  // ECN accepted
  logic [31:0] tsval;  // TSval
  logic [6:0] len;  // frame length, bytes, at most 127
  logic [4:0] service;  // number of the service entry
  logic [15:0] window;  // window that the service advertises
  logic [3:0] wscale;  // RCV.WSCALE of the service
  logic [15:0] path_mss;  // the service's bound on the MSS of a mark, bytes; 0: none
  logic agent;  // ACK: the service has an agent, which confirms hand-overs
  logic protect;  // SERVER: the local end is a protected service
  logic [47:0] mac_dst;  // destination MAC of the frame
  logic [47:0] mac_src;  // source MAC of the frame
  logic [1:0] tags;  // VLAN tags, 0..2
  logic [31:0] tag1;  // outer tag, TPID and TCI
  logic [31:0] tag2;  // inner tag
  logic [4:0] note;  // NOTE, STRAY: event code; STATUS: the status
} synward_request_t;
`define SYNWARD_REQUEST_W 671

/// A half-open connection in the syncache, without its key (v6, addresses, ports).
typedef struct packed {
  logic [31:0] irs;  // the client's initial sequence number
  logic [31:0] iss;  // ours
  logic [31:0] tsreflect;  // the client's last TSval
  logic [15:0] mss;  // the client's MSS option, 0 if none
  logic [3:0] ws;  // the client's shift, 0 without window scale
  logic ws_ok;  // window scale in use
  logic sack_ok;  // SACK in use
  logic ts_ok;  // timestamps in use
  logic ecn_ok;  // ECN in use
  logic unreach;  // an ICMP error came (SCF_UNREACH)
  logic has_mss;  // the SYN brought an MSS option
  logic [3:0] rxmits;  // SYN-ACKs sent in the timer's count, 1..13
  logic [23:0] armed;  // time of the last of them, ms modulo 2^24
  logic [19:0] challenge_end;  // end of the challenge ACK window, ms modulo 2^20
  logic [3:0] challenges;  // challenge ACKs sent in it
  logic handed;  // handed over, and not confirmed yet
  logic [4:0] marked;  // mark_slot of the last mark
  logic [6:0] len;  // length of the SYN, bytes, at most 127
  logic [4:0] service;  // number of the service entry
  logic [47:0] mac_dst;  // destination MAC of the SYN
  logic [47:0] mac_src;  // source MAC of the SYN
  logic [1:0] tags;  // VLAN tags, 0..2
  logic [31:0] tag1;  // outer tag
  logic [31:0] tag2;  // inner tag
} synward_entry_t;
`define SYNWARD_ENTRY_W 354

/// What the host is shown of a half-open connection (LIST_DATA). Never its ISS.
typedef struct packed {
  logic v6;  // IPv6
  logic [127:0] faddr;  // client address; IPv4 in the low 32 bits
  logic [127:0] laddr;  // server address, likewise
  logic [15:0] fport;  // client port
  logic [15:0] lport;  // server port
  logic [15:0] mss;  // the client's MSS option, 0 if none
  logic [3:0] ws;  // the client's shift, 0 without window scale
  logic ws_ok;  // window scale in use
  logic sack_ok;  // SACK in use
  logic ts_ok;  // timestamps in use
  logic ecn_ok;  // ECN in use
  logic unreach;  // an ICMP error came (SCF_UNREACH)
  logic [3:0] rxmits;  // SYN-ACKs sent in the timer's count, 1..13
  logic [23:0] armed;  // time of the last of them, ms modulo 2^24
  logic [4:0] service;  // number of the service entry
  logic handed;  // handed over, and not confirmed yet
} synward_listing_t;
`define SYNWARD_LISTING_W 348

/// What one request adds to the counters of the same names.
typedef struct packed {
  logic added;
  logic retransmitted;
  logic dupsyn;
  logic sc_dropped;
  logic completed;
  logic bucketoverflow;
  logic reset;
  logic stale;
  logic unreach;
  logic zonefail;
  logic sendcookie;
  logic recvcookie;
  logic spurcookie;
  logic failcookie;
  logic badrst;
  logic evicted;
  logic stateless;
  logic challenge_acks;
  logic resets_sent;
  logic resets_limited;
  logic flows_added;
  logic flows_full;
  logic established;
  logic remarked;
  logic handed;
  logic aborted;
  logic [3:0] flushed;
  logic [4:0] flows_aged;
} synward_counts_t;
`define SYNWARD_COUNTS_W 35

/// The engine's answer, one for each request, in order. What means nothing for the answer is 0.
typedef struct packed {
  logic [3:0] op;  // as asked
  logic [1:0] fate;  // a fate, of the frame; consumed: a SYN that was answered
  logic [5:0] reason;  // of a drop
  logic [2:0] send;  // what is sent; a mark: to the host, before the frame
  logic own;  // TIMEOUT, STATUS: no frame is answered; the fields from v6 to tag2 stand for it
  logic [31:0] seq;  // SEQ of what is sent
  logic [31:0] ack;  // ACK of what is sent
  logic ws_ok;  // SYN-ACK with window scale
  logic sack_ok;  // SYN-ACK with SACK permitted
  logic ts_ok;  // SYN-ACK or challenge ACK with timestamps
  logic ece;  // SYN-ACK with ECE
  logic df;  // IPv4 with DF
  logic [31:0] tsoff;  // timestamp offset, where ts_ok
  logic [31:0] tsecr;  // TSecr, where ts_ok
  logic [7:0] mark_flags;  // flags byte of the mark
  logic [7:0] mark_wscale;  // window scale byte of the mark
  logic [15:0] mark_mss;  // MSS of the mark
  logic v6;  // own: IPv6
  logic [127:0] faddr;  // own: client address
  logic [127:0] laddr;  // own: server address
  logic [15:0] fport;  // own: client port
  logic [15:0] lport;  // own: server port
  logic [31:0] time_ms;  // own: millisecond clock
  logic [4:0] service;  // own: number of the service entry
  logic has_mss;  // own: the SYN brought an MSS option
  logic [6:0] len;  // own: length of the SYN
  logic [47:0] mac_dst;  // own: destination MAC of the SYN
  logic [47:0] mac_src;  // own: source MAC of the SYN
  logic [1:0] tags;  // own: VLAN tags
  logic [31:0] tag1;  // own: outer tag
  logic [31:0] tag2;  // own: inner tag
} synward_verdict_t;
`define SYNWARD_VERDICT_W 677

/// A record of the event ring: the material of a log line (registers.toml names codes and texts).
typedef struct packed {
  logic [4:0] code;  // event code; 0: the note alone
  logic [1:0] note;  // 1 ts_unexpected, 2 ts_tolerated
  logic v6;  // IPv6
  logic [127:0] faddr;  // client address
  logic [127:0] laddr;  // server address
  logic [15:0] fport;  // client port
  logic [15:0] lport;  // server port
  logic [7:0] flags;  // TCP flags of the segment
  logic [31:0] time_ms;  // millisecond clock
  logic [31:0] arg0;  // by code
  logic [31:0] arg1;  // by code
  logic [31:0] arg2;  // by code
} synward_event_t;
`define SYNWARD_EVENT_W 432

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

/// To the engine at every clock: secrets (first key byte in bits 7:0), sysctls, sizes that count from a clearing on.
typedef struct packed {
  logic [127:0] cookie_key0;  // cookie secret of parity 0
  logic [127:0] cookie_key1;  // cookie secret of parity 1
  logic [127:0] ts_key;  // ts_secret
  logic [127:0] mark_key;  // key of the marks
  logic [127:0] table_key;  // key of the tables' hash
  logic parity;  // secret of new cookies
  logic ts_offset_per_conn;  // sysctl
  logic syncookies;  // sysctl
  logic syncookies_only;  // sysctl
  logic tolerate_missing_ts;  // sysctl
  logic insecure_rst;  // sysctl
  logic no_rst;  // net.inet.tcp.blackhole is 3
  logic rst_on_sock_fail;  // sysctl
  logic cookie_gate_always;  // net.synward.cookie_gate is always
  logic [1:0] unknown_ack;  // sysctl: 0 pass, 1 drop, 2 rst
  logic [3:0] rexmtlimit;  // sysctl
  logic [15:0] rexmit_initial;  // sysctl, ms
  logic [15:0] rexmit_min;  // sysctl, ms
  logic [15:0] rexmit_slop;  // sysctl, ms
  logic [15:0] rexmit_max;  // sysctl, ms
  logic [3:0] ecn_maxretries;  // sysctl
  logic [3:0] ack_war_cnt;  // sysctl
  logic [15:0] ack_war_timewindow;  // sysctl, ms
  logic [19:0] icmplim;  // sysctl
  logic [5:0] flow_idle;  // sysctl, laps
  logic [5:0] flow_learn;  // sysctl, laps
  logic [13:0] hash_mask;  // hashsize - 1
  logic [3:0] bucketlimit;  // sysctl, 1..8
  logic [17:0] cachelimit;  // sysctl
} synward_settings_t;
`define SYNWARD_SETTINGS_W 811

/// What the request in the clock of decision asks.
typedef struct packed {
  logic syn;
  logic ack;
  logic rst;
  logic unreach;
  logic server;
  logic timeout;
  logic tick;
  logic taken;  // STATUS: the server has what was handed over
  logic refused;  // STATUS: the server will not have it
  logic teaches;  // neither RST nor SYN-ACK: if of the server, it teaches a flow
  logic ends;  // SERVER with RST or FIN
  logic opens;  // with SYN
  logic tuple;  // about an entry of the syncache
  logic flow;  // about a flow
} synward_ask_t;
`define SYNWARD_ASK_W 14

/// What a segment says to the entry of its connection.
typedef struct packed {
  logic seq;  // IRS < SEQ <= IRS + window
  logic exact;  // SEQ = IRS + 1
  logic acked;  // ACK = ISS + 1; UNREACH: SEQ = ISS
  logic paws;  // TSval before the entry's
  logic due;  // the entry's retransmission is due
  logic over;  // retransmitted rexmtlimit times
  logic challenge;  // within the entry's challenge window
} synward_checks_t;
`define SYNWARD_CHECKS_W 7

/// A connection in its bucket of the syncache.
typedef struct packed {
  logic [7:0] way;  // one-hot: the connection's way; 0 if it has none
  synward_entry_t entry;  // its entry; tags, which stand beside the key, are 0
  logic [84:0] dir;  // synward_order's state of the bucket
} synward_entry_view_t;
`define SYNWARD_ENTRY_VIEW_W 447

/// A connection in its bucket of the flow table.
typedef struct packed {
  logic hit;  // it has a flow
  logic [15:0] way;  // one-hot: the flow's way; 0 if it has none
  logic [1:0] state;  // a flow
  logic [5:0] aux;  // HANDED: visited since the last mark, four bits of its mark_slot, ECN; CLOSING: a SYN was answered, age in laps; OPEN: age
  logic [15:0] used;  // ways that are not free
  logic [5:0] open;  // laps for which the bucket fails open
} synward_flow_view_t;
`define SYNWARD_FLOW_VIEW_W 47

/// What a request does to the syncache.
typedef struct packed {
  synward_entry_view_t after;  // what is there behind it
  logic [7:0] gone;  // ways whose former entry is gone for others: inserted over, or flushed
  logic insert;  // SYN: stored
  logic duplicate;  // SYN: has an entry, is answered again
  logic free_answer;  // SYN: answered without an entry
  logic stamps;  // SYN: stores its timestamp, in a new entry or a duplicate's
  logic evict;  // stored in the place of another
  logic fewer;  // one place less under cachelimit
  logic removed;  // an entry is gone, by something else than an insertion
  logic flush;  // with it the whole bucket: a pause
  logic retransmit;  // TIMEOUT: SYN-ACK again
  logic due;  // TIMEOUT of an entry that is due
  logic good;  // ACK: timestamp, SEQ and ACK are right; handed over: ACK is
  logic paws;  // old timestamp
  logic ts_missing;  // timestamp missing, and that is not tolerated
  logic challenge;  // a challenge ACK within its budget
  logic hand;  // handed over for the first time
  logic mark;  // an entry that waits for its confirmation is marked
  logic remark;  // handed over before, marked again
  logic taken;  // the server has an entry that was handed over
  logic status_taken;  // by its status
  logic gave_up;  // TIMEOUT: an entry that was handed over, and never confirmed, is gone
  logic refused;  // the server will not have it
} synward_entry_effect_t;
`define SYNWARD_ENTRY_EFFECT_W 476

/// What a request does to the flow table.
typedef struct packed {
  synward_flow_view_t after;  // what is there behind it
  logic handover;  // ACK: handed over by a mark that nobody confirms
  logic remark;  // the mark of a flow that nobody has confirmed is repeated
  logic mark_ecn;  // the mark says ECN
  logic added;  // a new flow
  logic full;  // there was no room for one: the bucket fails open
  logic refused;  // the server will not have it
} synward_flow_effect_t;
`define SYNWARD_FLOW_EFFECT_W 53

/// What became of a request: what it did to the tables, and what it met there.
typedef struct packed {
  synward_request_t request;
  logic tuple;  // about an entry of the syncache
  logic flow;  // about a flow
  synward_entry_effect_t entry_effect;
  synward_flow_effect_t flow_effect;
  synward_checks_t checks;
  logic ready;  // the tables were cleared
  logic [31:0] iss;  // ISS of the answer; ACK, STATUS: SEG.ACK - 1
  logic cookie_ok;  // ACK, STATUS: the cookie is right
  logic hit;  // the connection had an entry
  logic [3:0] rxmits;  // the entry's, before
  logic handed;  // the entry had been handed over before
  logic flow_hit;  // the connection had a flow
  logic fails_open;  // the flow's bucket fails open
  logic stateless;  // stateless, or the tables are not ready
  logic cachefull;  // cachelimit entries
  logic gate;  // the cookie gate is open
  logic pause;  // a pause begins
  logic overflow;  // counts as bucketoverflow
  logic [3:0] flushed;  // entries flushed
  logic room_line;  // there was room for an answer
  logic room_host;  // there was room for a mark
} synward_outcome_t;
`define SYNWARD_OUTCOME_W 1262

/// A beat of an AXI4-Stream, all but its ready.
typedef struct packed {
  logic valid;
  logic error;  // with last: in, the MAC found a bad FCS; out, a reset has cut the frame, and the MAC sends a bad FCS
  logic last;
  logic [63:0] keep;  // contiguous from bit 0; all of them before the last beat
  logic [511:0] data;  // byte n in bits 8n+7:8n
} synward_beat_t;
`define SYNWARD_BEAT_W 579

/// A beat inside the card, all but what says that it is there.
typedef struct packed {
  logic last;
  logic [5:0] top;  // number of the last byte
  logic [511:0] data;  // byte n in bits 8n+7:8n; beyond the frame of no meaning
} synward_inner_beat_t;
`define SYNWARD_INNER_BEAT_W 519

/// AXI4-Lite: what the master says.
typedef struct packed {
  logic [11:0] awaddr;  // bytes; as wide as synward_regs_pkg::AddressBits
  logic awvalid;
  logic [31:0] wdata;
  logic wvalid;
  logic bready;
  logic [11:0] araddr;  // bytes
  logic arvalid;
  logic rready;
} synward_axil_request_t;
`define SYNWARD_AXIL_REQUEST_W 61

/// AXI4-Lite: what the slave says.
typedef struct packed {
  logic awready;
  logic wready;
  logic [1:0] bresp;
  logic bvalid;
  logic arready;
  logic [31:0] rdata;
  logic [1:0] rresp;
  logic rvalid;
} synward_axil_response_t;
`define SYNWARD_AXIL_RESPONSE_W 41

/// The sysctls as they were written. Those of the tables' sizes count from a clearing on (table_sizes).
typedef struct packed {
  logic syncookies_only;
  logic [1:0] rfc1323;
  logic sack_enable;
  logic drop_synfin;
  logic ts_offset_per_conn;
  logic [1:0] unknown_ack;  // 0 pass, 1 drop, 2 rst
  logic fragments_drop;
  logic unclassified_drop;
  logic syncookies;
  logic [14:0] hashsize;
  logic [3:0] bucketlimit;
  logic [17:0] cachelimit;
  logic [3:0] rexmtlimit;
  logic [15:0] rexmit_initial;  // ms
  logic [15:0] rexmit_min;  // ms
  logic [15:0] rexmit_slop;  // ms
  logic [15:0] rexmit_max;  // ms
  logic [1:0] ecn_enable;
  logic [3:0] ecn_maxretries;
  logic tolerate_missing_ts;
  logic insecure_rst;
  logic [3:0] ack_war_cnt;
  logic [15:0] ack_war_timewindow;  // ms
  logic [1:0] blackhole;
  logic [19:0] icmplim;  // RSTs in a second
  logic [5:0] flow_idle;  // laps of 131 s
  logic [5:0] flow_learn;  // laps of 131 s
  logic rst_on_sock_fail;
  logic cookie_gate_always;
  logic signed_drop;
  logic [15:0] event_limit;  // events of a code in 1.024 s
} synward_sysctls_t;
`define SYNWARD_SYSCTLS_W 197

/// Sizes of the syncache that are in force.
typedef struct packed {
  logic [3:0] log_hashsize;  // log2 of the buckets in use
  logic [13:0] hash_mask;  // buckets in use - 1
  logic [3:0] bucketlimit;  // 1..8
  logic [17:0] cachelimit;  // 1 or more
} synward_table_sizes_t;
`define SYNWARD_TABLE_SIZES_W 40

/// The secrets that are in force (first key byte in bits 7:0), and which there are.
typedef struct packed {
  logic [127:0] cookie_key0;  // cookie secret of parity 0
  logic [127:0] cookie_key1;  // cookie secret of parity 1
  logic parity;  // secret of new cookies
  logic [127:0] ts_key;  // ts_secret
  logic [127:0] mark_key;  // key of the marks
  logic [127:0] table_key;  // key of the tables' hash
  logic [127:0] control_key0;  // current key of the statuses
  logic [127:0] control_key1;  // former one
  logic [1:0] control_keys;  // which of these two there are
  logic loaded;  // all that the card needs have been loaded
} synward_secrets_t;
`define SYNWARD_SECRETS_W 900

/// An entry of the service table that is written.
typedef struct packed {
  logic write;
  logic [4:0] index;  // number of the entry
  logic valid;  // it counts
  logic [127:0] addr;  // server address; IPv4 in the low 32 bits
  logic any;  // any address
  logic match4;  // IPv4
  logic match6;  // IPv6
  logic [15:0] port;  // 0: any
  synward_service_t service;  // how it is answered for
} synward_service_write_t;
`define SYNWARD_SERVICE_WRITE_W 260

/// What the registers ask of the event ring.
typedef struct packed {
  logic pop;  // the oldest event has been read
  logic [3:0] word;  // word of the oldest event
  logic [4:0] lost_code;  // code whose losses are asked for
} synward_events_ask_t;
`define SYNWARD_EVENTS_ASK_W 10

/// What the event ring answers.
typedef struct packed {
  logic [31:0] word;  // 2 clocks after it was asked for
  logic [31:0] lost;  // likewise
  logic [9:0] count;  // events that wait
} synward_events_tell_t;
`define SYNWARD_EVENTS_TELL_W 74

/// What the registers ask of both mailboxes: that of frames to the host, and that of the host's.
typedef struct packed {
  logic pop;  // the oldest frame has been read
  logic [5:0] word;  // word of the oldest frame
  logic write;  // a word of the frame to send is written
  logic [5:0] at;  // which
  logic [31:0] data;  // what
  logic send;  // 3 clocks behind the last write or later
  logic [8:0] length;  // of the frame to send, bytes
} synward_mail_ask_t;
`define SYNWARD_MAIL_ASK_W 56

/// What the mailboxes answer.
typedef struct packed {
  logic [31:0] word;  // 3 clocks after it was asked for
  logic [6:0] waiting;  // frames
  logic [8:0] length;  // of the oldest frame, bytes
  logic busy;  // a frame is on its way
  logic refused;  // the last frame to send was none
} synward_mail_tell_t;
`define SYNWARD_MAIL_TELL_W 50

/// What the registers tell the data path.
typedef struct packed {
  synward_sysctls_t sysctls;
  synward_secrets_t secrets;
  logic [31:0] agents;  // services whose hand-overs are confirmed
  synward_service_write_t service;
  synward_mail_ask_t mail;
} synward_control_t;
`define SYNWARD_CONTROL_W 1445

/// What a port has moved, for its counters.
typedef struct packed {
  logic moved;  // a beat: the rest counts
  logic last;  // its frame's last one
  logic [6:0] bytes;  // 1..64
} synward_moved_t;
`define SYNWARD_MOVED_W 9

/// The decision about a frame of the line.
typedef struct packed {
  logic last;  // its last beat is here: the rest counts
  logic missing;  // there is no decision: dropped; only reason counts
  logic marked;  // a mark goes before it
  logic forward;
  logic drop;
  logic answered;
  logic passed_signed;  // passed by row 18a
  logic [5:0] reason;  // of a drop
} synward_fate_t;
`define SYNWARD_FATE_W 13

/// What the way from the line to the host tells the registers.
typedef struct packed {
  synward_moved_t rx;
  synward_fate_t fate;
  logic stored;  // a frame is on its way to the host
  logic refused;  // there was no room for it
  logic mark_stored;  // a mark is on its way
  logic mail_sent;  // a frame of the card's own host has left
  logic mail_busy;  // one is on its way
  logic mail_refused;  // the last one was none
  synward_moved_t tx;
} synward_line_tell_t;
`define SYNWARD_LINE_TELL_W 37

/// What the way from the host to the line tells the registers.
typedef struct packed {
  synward_moved_t rx;
  logic damaged;  // rx.last: the frame is damaged
  logic status;  // a STATUS request
  logic [4:0] note;  // what it says: a status
  logic learn_agent;  // its service has an agent
  logic [4:0] service;  // its service
  logic mail_stored;  // a control frame waits for the card's own host
  logic control_refused;  // one was refused
  logic [31:0] mail_word;  // mail_tell.word
  logic [6:0] mail_waiting;  // mail_tell.waiting
  logic [8:0] mail_length;  // mail_tell.length
  logic stored;  // a frame is on its way to the line
  logic refused;  // there was no room for it
  synward_moved_t tx;
} synward_host_tell_t;
`define SYNWARD_HOST_TELL_W 83

/// A request, and the room that there is as it is put.
typedef struct packed {
  synward_request_t request;
  logic room_line;  // room for frames of the card's own
  logic room_host;  // room for marks
} synward_question_t;
`define SYNWARD_QUESTION_W 673

/// All settings, for the questions behind it.
typedef struct packed {
  synward_settings_t settings;
  logic load;  // clears both tables
  logic end_pause;  // ends a pause at the next tick
} synward_setting_t;
`define SYNWARD_SETTING_W 813

/// State of the engine, as registers show it.
typedef struct packed {
  logic ready;  // both tables are cleared
  logic paused;  // a pause is on
  logic [2:0] backoff;  // of the pause
  logic [31:0] pause_until;  // ms
  logic [17:0] count;  // entries of the syncache
  logic [20:0] flows;  // flows
} synward_engine_state_t;
`define SYNWARD_ENGINE_STATE_W 76

/// What a card sees of the engine's tables with an answer. What means nothing is 0.
typedef struct packed {
  logic armed;  // an entry of the syncache is armed
  logic peek;  // of a PEEK
  logic [3:0] kind;  // of the PEEK, as asked: a peek
  logic [13:0] bucket;  // armed: the entry's; PEEK: as asked
  logic [23:0] due;  // armed: when it is due; walk: when the next of the bucket is, at most; ms modulo 2^24
  logic found;  // walk: an entry is due
  logic any;  // walk: there are entries
  logic [2:0] way;  // walk: the first that is due
  logic [7:0] ways;  // fetch, listing: ways with an entry
  synward_listing_t listing;  // fetch, listing: what the way that was asked for holds; 0 if nothing
  logic [1:0] tags;  // likewise: VLAN tags, 0..2
  logic [31:0] tag1;  // likewise: outer tag
  logic [31:0] tag2;  // likewise: inner tag
  synward_engine_state_t state;  // behind the request
} synward_sight_t;
`define SYNWARD_SIGHT_W 547

/// The answer to a question, in order.
typedef struct packed {
  synward_verdict_t verdict;
  logic [31:0] mark_mac;  // of a mark
  synward_counts_t counts;
  synward_event_t record;  // of an event
  logic event_valid;
  synward_sight_t sight;  // what the card's timers, listing and registers are shown with it
} synward_answer_t;
`define SYNWARD_ANSWER_W 1724

/// What classification made of a frame that waits for its verdict.
typedef struct packed {
  logic [6:0] tag;  // number of the frame among those that wait
  logic is_signed;  // TCP-MD5 or TCP-AO
  logic [1:0] kind;  // a kind
  logic [5:0] reason;  // of a drop
  logic asks;  // the engine has been asked
  logic lost;  // there was no room before the engine: dropped, and counted
} synward_waiting_t;
`define SYNWARD_WAITING_W 18

/// What the shell tells an engine: settings, the millisecond clock, and questions, in order.
typedef struct packed {
  logic [31:0] time_ms;
  synward_settings_t settings;
  logic load;  // clears both tables
  logic end_pause;  // ends a pause at the next tick
  logic ask;  // a frame of the line asks; each one does, in order
  logic [3:0] ask_copies;  // ask, for a part of the request each
  synward_request_t request;
  logic room_line;  // room for the shell's Room more frames of the card's own
  logic room_host;  // likewise, for marks
  logic line_half;  // less than half of the replies' buffer is in use
  logic watch;  // a frame of the host teaches or confirms
  synward_request_t watched;
  logic list_first;  // half-open connections, one by one: begins
  logic list_next;  // the next one
} synward_socket_ask_t;
`define SYNWARD_SOCKET_ASK_W 2198

/// What an engine tells the shell, in the clocks that the theory of operation names (section 6).
typedef struct packed {
  logic verdict_valid;  // the verdict of a frame: 46 clocks behind ask, unless the shell is Elastic
  synward_verdict_t verdict;  // also without verdict_valid: what is sent with no frame asking
  synward_counts_t counts;  // at every clock
  logic [31:0] mark_mac;  // of a mark: 23 clocks behind its verdict
  logic watch_lost;  // there was no room for what was watched
  logic event_valid;
  synward_event_t record;  // of the event
  synward_engine_state_t state;
  logic list_busy;
  logic list_shown;  // there is one
  synward_listing_t listing;
} synward_socket_tell_t;
`define SYNWARD_SOCKET_TELL_W 1605

/// Elastic: what waits outside for the verdict of a frame, and which frames there are.
typedef struct packed {
  synward_waiting_t asked;  // with socket_ask.ask; not yet tag, asks and lost
  synward_context_t asked_frame;  // likewise
  logic unstored;  // 1 clock later: its frame found no room
  logic [6:0] number;  // or else, its number: the tag
  logic done;  // a frame has left, with its decision
} synward_elastic_ask_t;
`define SYNWARD_ELASTIC_ASK_W 760

/// Elastic: what an engine did wrong (rtl/act/synward_engine_guard.sv).
typedef struct packed {
  logic [15:0] resets;  // times that it was reset for a fault, modulo 2^16
  logic [1:0] cause;  // of the last: a fault
  logic down;  // it is not asked: in a reset, or not yet trusted again
  logic streams;  // there is one behind streams
} synward_engine_faults_t;
`define SYNWARD_ENGINE_FAULTS_W 20

/// Elastic: what comes back with the verdict.
typedef struct packed {
  synward_waiting_t waiting;
  synward_context_t waiting_frame;
  logic dropped;  // a frame was dropped for want of room before the engine, or for want of its answer
  synward_engine_faults_t faults;
} synward_elastic_tell_t;
`define SYNWARD_ELASTIC_TELL_W 772

// TDATA of the HLS kernels' streams (act/synward_kernel_ports.sv): their structs bit by bit, in whole bytes.
`define SYNWARD_KERNEL_QUESTION_W 736
`define SYNWARD_KERNEL_SETTING_W 1000
`define SYNWARD_KERNEL_ANSWER_W 1880

/* verilator lint_off UNUSEDPARAM */
// service.mode.
localparam logic [1:0] ModePass = 2'd0;
localparam logic [1:0] ModeProtect = 2'd1;
localparam logic [1:0] ModeDrop = 2'd2;

// request.op, verdict.op.
localparam logic [3:0] OpNone = 4'd0;
localparam logic [3:0] OpSyn = 4'd1;
localparam logic [3:0] OpAck = 4'd2;
localparam logic [3:0] OpRst = 4'd3;
localparam logic [3:0] OpUnreach = 4'd4;
localparam logic [3:0] OpServer = 4'd5;
localparam logic [3:0] OpTimeout = 4'd6;
localparam logic [3:0] OpTick = 4'd7;
localparam logic [3:0] OpVisit = 4'd8;
localparam logic [3:0] OpPeek = 4'd9;
localparam logic [3:0] OpNote = 4'd10;
localparam logic [3:0] OpStatus = 4'd11;
localparam logic [3:0] OpStray = 4'd12;

// request.flags of a PEEK, sight.kind: what it asks.
localparam logic [3:0] PeekWalk = 4'd0;
localparam logic [3:0] PeekFetch = 4'd1;
localparam logic [3:0] PeekClear = 4'd2;
localparam logic [3:0] PeekList = 4'd4;
localparam logic [3:0] PeekState = 4'd8;

// verdict.fate.
localparam logic [1:0] FateForward = 2'd0;
localparam logic [1:0] FateDrop = 2'd1;
localparam logic [1:0] FateConsumed = 2'd2;

// verdict.send.
localparam logic [2:0] SendNothing = 3'd0;
localparam logic [2:0] SendSynAck = 3'd1;
localparam logic [2:0] SendChallenge = 3'd2;
localparam logic [2:0] SendRst = 3'd3;
localparam logic [2:0] SendMark = 3'd4;

// engine_faults.cause.
localparam logic [1:0] FaultNone = 2'd0;
localparam logic [1:0] FaultSilent = 2'd1;
localparam logic [1:0] FaultWrong = 2'd2;
localparam logic [1:0] FaultForgot = 2'd3;

// request.note of a STATUS: what became of a mark at the server.
localparam logic [4:0] StatusNone = 5'd0;
localparam logic [4:0] StatusTaken = 5'd1;
localparam logic [4:0] StatusFull = 5'd2;
localparam logic [4:0] StatusNoListener = 5'd3;
localparam logic [4:0] StatusRefused = 5'd4;
localparam logic [4:0] StatusBusy = 5'd5;

// state of a flow in the flow table.
localparam logic [1:0] FlowFree = 2'd0;
localparam logic [1:0] FlowHanded = 2'd1;
localparam logic [1:0] FlowOpen = 2'd2;
localparam logic [1:0] FlowClosing = 2'd3;

// what classification makes of a frame (rtl/parse/synward_classify.sv).
localparam logic [1:0] KindPass = 2'd0;
localparam logic [1:0] KindDrop = 2'd1;
localparam logic [1:0] KindAsk = 2'd2;

/* verilator lint_on UNUSEDPARAM */
`endif
