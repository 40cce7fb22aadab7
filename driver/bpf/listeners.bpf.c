// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Lists the TCP listeners of a network namespace, one struct synward_listener each. */
#include "common.h"

enum { STATE_LISTEN = 10, AF_INET6 = 10 };

SEC("iter/tcp")
int synward_listeners(struct bpf_iter__tcp *context) {
  struct sock_common *skc = context->sk_common;
  struct synward_listener out = {};
  struct tcp_sock *tp;
  struct sock *sk;
  if (!skc || skc->skc_state != STATE_LISTEN) return 0;
  tp = bpf_skc_to_tcp_sock(skc);
  if (!tp) return 0;
  sk = &tp->inet_conn.icsk_inet.sk;
  out.lport = skc->skc_num;
  out.v6 = skc->skc_family == AF_INET6;
  out.v6only = BPF_CORE_READ_BITFIELD_PROBED(skc, skc_ipv6only);
  if (out.v6)
    bpf_core_read(out.laddr, 16, &skc->skc_v6_rcv_saddr);
  else
    bpf_core_read(out.laddr, 4, &skc->skc_rcv_saddr);
  out.bound_dev = skc->skc_bound_dev_if;
  out.rcvbuf = sk->sk_rcvbuf;
  out.userlocks = sk->sk_userlocks;
  out.backlog = sk->sk_ack_backlog;
  out.max_backlog = sk->sk_max_ack_backlog;
  out.window_clamp = tp->window_clamp;
  if (bpf_core_field_exists(tp->scaling_ratio)) out.scaling_ratio = tp->scaling_ratio;
  out.user_mss = tp->rx_opt.user_mss;
  out.defer_accept = tp->inet_conn.icsk_accept_queue.rskq_defer_accept;
  out.fastopen = tp->inet_conn.icsk_accept_queue.fastopenq.max_qlen;
  if (bpf_core_field_exists(tp->is_mptcp)) out.mptcp = BPF_CORE_READ_BITFIELD_PROBED(tp, is_mptcp);
  if (bpf_core_field_exists(tp->md5sig_info)) out.md5 = tp->md5sig_info != NULL;
  if (bpf_core_field_exists(tp->ao_info)) out.ao = tp->ao_info != NULL;
  bpf_seq_write(context->meta->seq, &out, sizeof out);
  return 0;
}

char listeners_license[] SEC("license") = "Dual BSD/GPL";
