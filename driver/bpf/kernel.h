/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The few members of the kernel's structures that the programs read: libbpf finds them in the running kernel by name.
 */
#pragma once

#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct netns_ipv4 {
  __u8 sysctl_tcp_syncookies;
};

struct net {
  struct netns_ipv4 ipv4;
};

typedef struct {
  struct net *net;
} possible_net_t;

struct in6_addr {
  union {
    __u8 u6_addr8[16];
    __be32 u6_addr32[4];
  } in6_u;
};

struct sock_common {
  __be32 skc_rcv_saddr;
  unsigned short skc_family;
  volatile unsigned char skc_state;
  unsigned char skc_ipv6only : 1;
  int skc_bound_dev_if;
  possible_net_t skc_net;
  struct in6_addr skc_v6_rcv_saddr;
  __u16 skc_num;
  __u32 skc_tw_rcv_nxt;
};

struct sock {
  struct sock_common __sk_common;
  int sk_rcvbuf;
  __u8 sk_userlocks;
  __u32 sk_ack_backlog;
  __u32 sk_max_ack_backlog;
};

struct inet_sock {
  struct sock sk;
};

struct fastopen_queue {
  int max_qlen;
};

struct request_sock_queue {
  __u8 rskq_defer_accept;
  struct fastopen_queue fastopenq;
};

struct inet_connection_sock {
  struct inet_sock icsk_inet;
  struct request_sock_queue icsk_accept_queue;
};

struct tcp_options_received {
  __u32 ts_recent;
  __u16 user_mss;
};

struct tcp_sock {
  struct inet_connection_sock inet_conn;
  __u64 bytes_received;
  __u32 rcv_nxt;
  __u32 window_clamp;
  __u8 scaling_ratio;
  struct tcp_options_received rx_opt;
  void *md5sig_info;
  void *ao_info;
  bool is_mptcp;
};

struct inet_timewait_sock {
  struct sock_common __tw_common;
};

struct tcp_timewait_sock {
  struct inet_timewait_sock tw_sk;
  __u32 tw_ts_recent;
};

struct tcp_request_sock {
  __u32 rcv_isn;
  __u32 snt_isn;
};

struct seq_file;

struct bpf_iter_meta {
  struct seq_file *seq;
};

struct bpf_iter__tcp {
  struct bpf_iter_meta *meta;
  struct sock_common *sk_common;
};

#pragma clang attribute pop
