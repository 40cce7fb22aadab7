// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Takes the marks of a Synward card at the server's network interface: each becomes a socket of the kernel's own, as if
 * the kernel had answered the SYN itself, and each is answered with a status. Segments that would only meet a listener,
 * because their mark is still on its way or was lost, are dropped instead of answered with RST. All other frames pass
 * untouched. Attached to TC ingress, in the network namespace of the listeners. */
#include "common.h"
#include "siphash.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/pkt_cls.h>

/* Lets a program behind this one look at the frame; TC and TCX have the same number for it. */
#define PASS TC_ACT_UNSPEC
#define DROP TC_ACT_SHOT

enum { TCP_SYN = 0x02, TCP_RST = 0x04, TCP_ACK = 0x10 };
enum { STATE_TIME_WAIT = 6, STATE_LISTEN = 10, STATE_NEW_SYN_RECV = 12 };
enum { EINVAL = 22, EOPNOTSUPP = 95 };
enum { TCP_HEADER = 20, OPTIONS_PLAIN = 12, OPTIONS_TS = 24 };
/* Below these the kernel refuses (net/core/filter.c, bpf_sk_assign_tcp_reqsk). */
enum { LEAST_MSS4 = 536, LEAST_MSS6 = 1220 };

/* skb->mark of a mark that goes round a second time, behind the RST that ended an older socket. */
#define SECOND_ROUND 0x53594e57

/* How long a segment may be ahead of its mark's socket: where NAPI hands over a list of frames, all of them have passed
 * here before the first reaches TCP. */
#define OVERTAKING_NS 2000000ULL

/* How long a segment without a socket may be one whose mark was lost, and is made again with the client's next. Behind
 * that it belongs to a connection that this server no longer has, and the kernel says so. */
#define LOST_MARK_NS 3000000000ULL
/* For so long a refused mark may still come again (the repetitions of the SYN-ACK). */
#define REFUSED_NS 64000000000ULL
/* So long after its last mark a port is protected no more: the card has another configuration, or nobody connects. */
#define PLACE_S 86400U
/* So much later a tuple without a socket is a case of its own: more than any keepalive lets pass. */
#define ANOTHER_CASE_NS 10800000000000ULL

struct bpf_tcp_req_attrs {
  __u32 rcv_tsval, rcv_tsecr;
  __u16 mss;
  __u8 rcv_wscale, snd_wscale, ecn_ok, wscale_ok, sack_ok, tstamp_ok, usec_ts_ok, reserved[3];
};
extern int bpf_sk_assign_tcp_reqsk(struct __sk_buff *skb, struct sock *sk, struct bpf_tcp_req_attrs *attrs,
                                   int attrs__sz) __ksym;

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct synward_keys);
} keys SEC(".maps");

/* Marks that were taken just now: the accept queue may not show them yet. Counted in stretches of OVERTAKING_NS, of
 * which the last two count. */
struct burst {
  __u64 since;    /* the present stretch began, ns */
  __u32 backlog;  /* of the accept queue then */
  __u32 taken;    /* marks since then */
  __u32 expected; /* in the queue at the end of the stretch before */
  __u32 marked;   /* of the place: when its last mark came, s since boot */
};

/* What the card protects: addresses and ports of which a mark has come within PLACE_S; of more than there is room for
 * those that were met last. */
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 4096);
  __type(key, struct synward_place);
  __type(value, struct burst);
} places SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, SYNWARD_FATES_COUNT);
  __type(key, __u32);
  __type(value, __u64);
} fates SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 65536);
} failures SEC(".maps");

/* What was met of a tuple that has no socket, ns. */
struct orphan {
  __u64 since;   /* its first segment */
  __u64 refused; /* a mark that was not taken for now; 0: none */
};
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 65536);
  __type(key, struct bpf_sock_tuple);
  __type(value, struct orphan);
} orphans SEC(".maps");

/* The last hand-over of a tuple. */
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 65536);
  __type(key, struct bpf_sock_tuple);
  __type(value, struct synward_handed);
} handed SEC(".maps");

/* What the MAC is made over, in network order; its beginning is the tuple of a lookup as well. */
union message {
  __u64 words[6];
  struct bpf_sock_tuple tuple;
  struct {
    __u8 ends[12];
    __be32 seq, ack;
    __u8 content[4];
  } v4;
  struct {
    __u8 ends[36];
    __be32 seq, ack;
    __u8 content[4];
  } v6;
};

struct segment {
  union message message;
  __be32 tsval, tsecr;
  __be32 mac;
  bool stamps;
  __u32 tcp;  /* offset of the TCP header */
  __u32 mark; /* offset of the mark */
};

#define TUPLE_SIZE(v6) ((v6) ? sizeof(((struct bpf_sock_tuple *)0)->ipv6) : sizeof(((struct bpf_sock_tuple *)0)->ipv4))
#define SEQ(s, v6) ((v6) ? (s)->message.v6.seq : (s)->message.v4.seq)
#define ACK(s, v6) ((v6) ? (s)->message.v6.ack : (s)->message.v4.ack)
#define CONTENT(s, v6) ((v6) ? (s)->message.v6.content : (s)->message.v4.content)

static __always_inline void count(__u32 fate) {
  __u64 *counter = bpf_map_lookup_elem(&fates, &fate);
  if (counter) ++*counter;
}

static __always_inline void report(const struct segment *s, const bool v6, __u8 fate, int error, __u32 backlog,
                                   __u32 max_backlog) {
  struct synward_failure failure = {.v6 = v6, .fate = fate, .error = error};
  count(fate);
  failure.time_ns = bpf_ktime_get_ns();
  failure.backlog = backlog;
  failure.max_backlog = max_backlog;
  if (v6) {
    __builtin_memcpy(failure.faddr, s->message.tuple.ipv6.saddr, 16);
    __builtin_memcpy(failure.laddr, s->message.tuple.ipv6.daddr, 16);
    failure.fport = bpf_ntohs(s->message.tuple.ipv6.sport);
    failure.lport = bpf_ntohs(s->message.tuple.ipv6.dport);
  } else {
    __builtin_memcpy(failure.faddr, &s->message.tuple.ipv4.saddr, 4);
    __builtin_memcpy(failure.laddr, &s->message.tuple.ipv4.daddr, 4);
    failure.fport = bpf_ntohs(s->message.tuple.ipv4.sport);
    failure.lport = bpf_ntohs(s->message.tuple.ipv4.dport);
  }
  bpf_ringbuf_output(&failures, &failure, sizeof failure, 0);
}

/* What is said of a mark, and whether it goes on behind that. */
struct answer {
  __u8 status;
  bool pass;
};

/* Turns the marked frame into its status: addresses exchanged, four bytes in front of the packet, a tag in the place of
 * the MAC. False if it cannot be: the frame is spoilt then, and may only be dropped. */
static __always_inline bool make_status(struct __sk_buff *skb, const struct segment *s, const bool v6,
                                        const __u64 *key, __u8 status, const __u8 *mac_header) {
  const __be32 tag = bpf_htonl(sip_fold(key, s->message.words, v6 ? 6 : 3, status));
  __u8 front[18];
  __builtin_memcpy(front, mac_header + 6, 6);
  __builtin_memcpy(front + 6, mac_header, 6);
  front[12] = SYNWARD_CONTROL_ETHERTYPE >> 8;
  front[13] = SYNWARD_CONTROL_ETHERTYPE & 0xff;
  front[14] = SYNWARD_CONTROL_VERSION;
  front[15] = SYNWARD_CONTROL_STATUS;
  front[16] = status;
  front[17] = 0;
  return bpf_skb_store_bytes(skb, s->mark + 8, &tag, 4, 0) == 0 &&
         bpf_skb_adjust_room(skb, 4, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_NO_CSUM_RESET) == 0 &&
         bpf_skb_store_bytes(skb, 0, front, sizeof front, 0) == 0;
}

static __always_inline int give(struct __sk_buff *skb, const struct segment *s, const bool v6,
                                const __u64 *key, struct answer answer) {
  __u8 mac_header[ETH_HLEN];
  if (!key) return answer.pass ? PASS : DROP;
  if (bpf_skb_load_bytes(skb, 0, mac_header, sizeof mac_header) ||
      !make_status(skb, s, v6, key, answer.status, mac_header)) {
    count(SYNWARD_FATE_unanswered);
    return DROP;
  }
  if (!answer.pass) return bpf_redirect(skb->ifindex, 0);
  if (bpf_clone_redirect(skb, skb->ifindex, 0)) count(SYNWARD_FATE_unanswered);
  if (bpf_skb_adjust_room(skb, -4, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_NO_CSUM_RESET) ||
      bpf_skb_store_bytes(skb, 0, mac_header, sizeof mac_header, 0) ||
      bpf_skb_store_bytes(skb, s->mark + 8, &s->mac, 4, 0))
    return DROP;
  return PASS;
}

struct rst {
  __be32 seq;
  __be16 flags;
  __be32 option; /* the beginning of the timestamps */
};

/* Turns one of the two into the other. */
static __always_inline bool exchange(struct __sk_buff *skb, const struct segment *s, const struct rst *from,
                                     const struct rst *to) {
  const __u32 seq = s->tcp + 4, flags = s->tcp + 12, sum = s->tcp + 16, option = s->tcp + TCP_HEADER;
  if (bpf_skb_store_bytes(skb, seq, &to->seq, 4, 0) || bpf_skb_store_bytes(skb, flags, &to->flags, 2, 0) ||
      bpf_l4_csum_replace(skb, sum, from->seq, to->seq, 4) || bpf_l4_csum_replace(skb, sum, from->flags, to->flags, 2))
    return false;
  return !s->stamps || (!bpf_skb_store_bytes(skb, option, &to->option, 4, 0) &&
                        !bpf_l4_csum_replace(skb, sum, from->option, to->option, 4));
}

/* An older connection of these ends stands in the way, which the client knows nothing of any more: the mark proves
 * that. An RST that its socket believes goes first, and the mark once more behind it. The RST has no timestamps: a
 * client that started anew may count from less than the older connection did, and PAWS would refuse it. */
static __always_inline int end_stale(struct __sk_buff *skb, const struct segment *s, const bool v6, __u32 rcv_nxt) {
  struct rst mark = {.seq = SEQ(s, v6), .option = bpf_htonl(0x0101080a)};
  struct rst rst = {.seq = bpf_htonl(rcv_nxt), .option = bpf_htonl(0x0101000a | SYNWARD_MARK_KIND << 8)};
  if (bpf_skb_load_bytes(skb, s->tcp + 12, &mark.flags, 2)) return DROP;
  rst.flags = (mark.flags & bpf_htons(0xff00)) | bpf_htons(TCP_RST);
  skb->mark = SECOND_ROUND;
  if (!exchange(skb, s, &mark, &rst) || bpf_clone_redirect(skb, skb->ifindex, BPF_F_INGRESS) ||
      !exchange(skb, s, &rst, &mark))
    return DROP;
  count(SYNWARD_FATE_stale);
  return bpf_redirect(skb->ifindex, BPF_F_INGRESS);
}

/* What a socket that is no listener says of the mark. */
struct standing {
  bool same;     /* it is the mark's own connection */
  bool ends;     /* it is another's, and rcv_nxt is what would end it */
  __u32 rcv_nxt; /* host order */
};

/* A mark that came before, and comes again, ends nothing: as for a SYN in TIME_WAIT its number or its timestamp must be
 * later than what the socket has seen (RFC 6191). */
static __always_inline bool is_newer(const struct segment *s, __u32 ahead, __u32 ts_recent) {
  return (__s32)ahead > 0 || (s->stamps && ts_recent && (__s32)(bpf_ntohl(s->tsval) - ts_recent) > 0);
}

static __always_inline struct standing look(struct bpf_sock *skc, const struct segment *s, const bool v6) {
  const __u32 seq = bpf_ntohl(SEQ(s, v6)), ack = bpf_ntohl(ACK(s, v6));
  struct standing standing = {};
  if (skc->state == STATE_TIME_WAIT) {
    struct tcp_timewait_sock *tw = bpf_skc_to_tcp_timewait_sock(skc);
    if (!tw) return standing;
    standing.rcv_nxt = tw->tw_sk.__tw_common.skc_tw_rcv_nxt;
    standing.ends = is_newer(s, seq - standing.rcv_nxt, tw->tw_ts_recent);
  } else if (skc->state == STATE_NEW_SYN_RECV) {
    struct tcp_request_sock *request = bpf_skc_to_tcp_request_sock(skc);
    if (!request) return standing;
    standing.same = request->rcv_isn + 1 == seq && request->snt_isn + 1 == ack;
    standing.ends = !standing.same;
    standing.rcv_nxt = request->rcv_isn + 1;
  } else {
    struct tcp_sock *tp = bpf_skc_to_tcp_sock(skc);
    __u32 began;
    if (!tp) return standing;
    began = tp->rcv_nxt - (__u32)tp->bytes_received;
    /* A FIN has a number of its own. */
    standing.same = began == seq || began - 1 == seq;
    standing.ends = !standing.same && is_newer(s, seq - began, tp->rx_opt.ts_recent);
    standing.rcv_nxt = tp->rcv_nxt;
  }
  return standing;
}

static __always_inline struct answer take(struct __sk_buff *skb, const struct segment *s, const bool v6,
                                          const struct bpf_sock_tuple *ends, struct sock *listener, bool again) {
  const __u8 *content = CONTENT(s, v6);
  const __u16 mss = content[2] << 8 | content[3], least = v6 ? LEAST_MSS6 : LEAST_MSS4;
  struct bpf_tcp_req_attrs attrs = {
      .mss = mss < least ? least : mss,
      .rcv_wscale = content[1] & 15,
      .snd_wscale = content[1] >> 4,
      .ecn_ok = (content[0] & SYNWARD_MARK_ECN) != 0,
      .wscale_ok = (content[0] & SYNWARD_MARK_WS) != 0,
      .sack_ok = (content[0] & SYNWARD_MARK_SACK) != 0,
  };
  struct synward_handed now = {.seq = SEQ(s, v6), .ack = ACK(s, v6)};
  int error = -EOPNOTSUPP;
  if (s->stamps && (content[0] & SYNWARD_MARK_TS)) {
    attrs.tstamp_ok = 1;
    attrs.rcv_tsval = bpf_ntohl(s->tsval);
    attrs.rcv_tsecr = bpf_ntohl(s->tsecr);
  }
  /* With SYN cookies off the kernel says yes, and answers RST. */
  if (listener->__sk_common.skc_net.net->ipv4.sysctl_tcp_syncookies != 0)
    error = bpf_sk_assign_tcp_reqsk(skb, listener, &attrs, sizeof attrs);
  if (error == -EINVAL || error == -EOPNOTSUPP) {
    /* No later mark would be taken either: the client hears the listener's RST. */
    report(s, v6, SYNWARD_FATE_refused, error, 0, 0);
    return (struct answer){SYNWARD_REFUSED, true};
  }
  if (error < 0) {
    report(s, v6, SYNWARD_FATE_busy, error, 0, 0);
    return (struct answer){SYNWARD_BUSY, false};
  }
  now.when = bpf_ktime_get_ns();
  bpf_map_update_elem(&handed, ends, &now, BPF_ANY);
  bpf_map_delete_elem(&orphans, ends);
  count(again ? SYNWARD_FATE_known : SYNWARD_FATE_taken);
  return (struct answer){SYNWARD_TAKEN, true};
}

static __always_inline struct synward_place place_of(const struct bpf_sock_tuple *ends, const bool v6) {
  struct synward_place place = {};
  if (v6) {
    __builtin_memcpy(place.laddr, ends->ipv6.daddr, 16);
    place.lport = bpf_ntohs(ends->ipv6.dport);
  } else {
    __builtin_memcpy(place.laddr, &ends->ipv4.daddr, 4);
    place.lport = bpf_ntohs(ends->ipv4.dport);
  }
  place.v6 = v6;
  return place;
}

/* What the accept queue will have once all marks before this one are there. */
static __always_inline __u32 with_burst(struct burst *burst, __u32 backlog) {
  const __u64 now = bpf_ktime_get_ns(), passed = now - burst->since;
  if (passed > OVERTAKING_NS) {
    burst->expected = passed > 2 * OVERTAKING_NS ? 0 : burst->backlog + burst->taken;
    burst->since = now;
    burst->backlog = backlog;
    burst->taken = 0;
  }
  if (burst->backlog + burst->taken > backlog) backlog = burst->backlog + burst->taken;
  if (burst->expected + burst->taken > backlog) backlog = burst->expected + burst->taken;
  return backlog;
}

static __always_inline struct answer ask_listener(struct __sk_buff *skb, const struct segment *s, const bool v6,
                                                  const struct bpf_sock_tuple *ends, struct bpf_sock *skc) {
  struct tcp_sock *tp = bpf_skc_to_tcp_sock(skc);
  const struct synward_handed *last;
  struct synward_place place;
  struct answer answer;
  struct burst *burst;
  __u32 backlog, max_backlog;
  bool again, just_now;
  if (!tp) {
    report(s, v6, SYNWARD_FATE_refused, -EOPNOTSUPP, 0, 0);
    return (struct answer){SYNWARD_REFUSED, true};
  }
  backlog = tp->inet_conn.icsk_inet.sk.sk_ack_backlog;
  max_backlog = tp->inet_conn.icsk_inet.sk.sk_max_ack_backlog;
  /* Of a list of frames all pass here before the first reaches TCP: those that were taken just now count too. */
  place = place_of(ends, v6);
  burst = bpf_map_lookup_elem(&places, &place);
  if (burst) backlog = with_burst(burst, backlog);
  /* The first of a mark that comes twice among them has its place in the queue, and this one needs none. */
  last = bpf_map_lookup_elem(&handed, ends);
  again = last && last->seq == SEQ(s, v6) && last->ack == ACK(s, v6);
  just_now = again && bpf_ktime_get_ns() - last->when < OVERTAKING_NS;
  if (backlog > max_backlog && !just_now) {
    report(s, v6, SYNWARD_FATE_full, 0, backlog, max_backlog);
    return (struct answer){SYNWARD_FULL, false};
  }
  answer = take(skb, s, v6, ends, (struct sock *)tp, again);
  if (burst && !just_now && answer.status == SYNWARD_TAKEN) __sync_fetch_and_add(&burst->taken, 1);
  return answer;
}

static __always_inline void note_refusal(const struct bpf_sock_tuple *ends) {
  struct orphan orphan = {};
  orphan.since = orphan.refused = bpf_ktime_get_ns();
  bpf_map_update_elem(&orphans, ends, &orphan, BPF_ANY);
}

static __always_inline __u32 seconds(void) { return bpf_ktime_get_coarse_ns() / 1000000000ULL; }

/* Whoever made this mark protects its destination. */
static __always_inline void protect(const struct bpf_sock_tuple *ends, const bool v6) {
  const struct synward_place place = place_of(ends, v6);
  const __u32 now = seconds();
  struct burst *there = bpf_map_lookup_elem(&places, &place);
  if (there) {
    if (there->marked != now) there->marked = now;
  } else {
    const struct burst first = {.marked = now};
    bpf_map_update_elem(&places, &place, &first, BPF_NOEXIST);
  }
}

/* Which key the mark's MAC was made with: 0, 1, or -1 for neither. */
static __always_inline int key_of(const struct segment *s, const bool v6, const struct synward_keys *k) {
  const __u32 mac = bpf_ntohl(s->mac);
  for (int i = 0; i < 2; i++) {
    if (k->have_mark[i] && sip_fold(k->mark[i], s->message.words, v6 ? 6 : 3, -1) == mac) return i;
  }
  return -1;
}

static __always_inline int marked(struct __sk_buff *skb, const struct segment *s, const bool v6) {
  const __u32 zero = 0;
  const bool again = skb->mark == SECOND_ROUND;
  const struct synward_keys *k = bpf_map_lookup_elem(&keys, &zero);
  struct answer answer = {SYNWARD_BUSY, false};
  const __u64 *key;
  int which;
  struct bpf_sock_tuple ends = {};
  struct bpf_sock *skc;
  if (again) skb->mark = 0;
  __builtin_memcpy(&ends, &s->message.tuple, TUPLE_SIZE(v6));
  /* Whose key comes late loses no connection by it: the client's next segment brings the mark again. */
  if (!k || !(k->have_mark[0] || k->have_mark[1])) {
    count(SYNWARD_FATE_no_key);
    note_refusal(&ends);
    return DROP;
  }
  which = key_of(s, v6, k);
  if (which < 0) {
    report(s, v6, SYNWARD_FATE_bad_mac, 0, 0, 0);
    note_refusal(&ends);
    return DROP;
  }
  /* A card that has not heard of the new key knows the statuses of the former one. */
  key = which == 0 ? (k->have_control[0] ? k->control[0] : NULL) : (k->have_control[1] ? k->control[1] : NULL);
  protect(&ends, v6);
  skc = bpf_skc_lookup_tcp(skb, &ends, TUPLE_SIZE(v6), BPF_F_CURRENT_NETNS, 0);
  if (!skc) {
    report(s, v6, SYNWARD_FATE_no_listener, 0, 0, 0);
    answer.status = SYNWARD_NO_LISTENER;
  } else if (skc->state == STATE_LISTEN) {
    answer = ask_listener(skb, s, v6, &ends, skc);
    bpf_sk_release(skc);
  } else {
    const struct standing standing = look(skc, s, v6);
    bpf_sk_release(skc);
    if (standing.same) {
      count(SYNWARD_FATE_known);
      /* A socket that still waits for the ACK of its handshake takes this one. */
      answer = (struct answer){SYNWARD_TAKEN, true};
    } else if (standing.ends && !again) {
      return end_stale(skb, s, v6, standing.rcv_nxt);
    } else {
      report(s, v6, SYNWARD_FATE_busy, 0, 0, 0);
    }
  }
  if (answer.status == SYNWARD_FULL || answer.status == SYNWARD_BUSY) note_refusal(&ends);
  return give(skb, s, v6, key, answer);
}

/* True while a mark of these ends may still come. */
static __always_inline bool awaits_mark(const struct bpf_sock_tuple *ends, __u64 now) {
  struct orphan *orphan = bpf_map_lookup_elem(&orphans, ends);
  if (!orphan) {
    const struct orphan first = {.since = now};
    bpf_map_update_elem(&orphans, ends, &first, BPF_ANY);
    return true;
  }
  if (orphan->refused && now - orphan->refused < REFUSED_NS) return true;
  if (now - orphan->since > ANOTHER_CASE_NS) orphan->since = now;
  return now - orphan->since < LOST_MARK_NS;
}

/* A segment with ACK to a protected port, which bears no mark. `header` is its IP header, and the TCP header behind.
 */
static __always_inline int unmarked(struct __sk_buff *skb, struct segment *s, const bool v6, __u8 *header) {
  struct bpf_sock_tuple ends = {};
  struct bpf_sock *skc;
  const int ip_size = v6 ? 40 : 20;
  __u32 fate = SYNWARD_FATE_unmarked;
  __builtin_memcpy(&ends, &s->message.tuple, TUPLE_SIZE(v6));
  skc = bpf_skc_lookup_tcp(skb, &ends, TUPLE_SIZE(v6), BPF_F_CURRENT_NETNS, 0);
  if (skc) {
    if (skc->state == STATE_LISTEN) {
      const struct synward_handed *last = bpf_map_lookup_elem(&handed, &ends);
      const __u64 now = bpf_ktime_get_ns();
      if (last && now - last->when < OVERTAKING_NS) {
        fate = SYNWARD_FATE_overtook;
      } else if (bpf_tcp_check_syncookie(skc, header, ip_size, (void *)(header + ip_size), TCP_HEADER) == 0) {
        fate = SYNWARD_FATE_cookie;
      } else {
        fate = awaits_mark(&ends, now) ? SYNWARD_FATE_orphan : SYNWARD_FATE_gone;
      }
    }
    bpf_sk_release(skc);
  }
  count(fate);
  return fate == SYNWARD_FATE_orphan ? DROP : PASS;
}

static __always_inline bool is_protected(const struct bpf_sock_tuple *ends, const bool v6) {
  const struct synward_place place = place_of(ends, v6);
  const struct burst *there = bpf_map_lookup_elem(&places, &place);
  if (!there) return false;
  if (seconds() - there->marked < PLACE_S) return true;
  bpf_map_delete_elem(&places, &place);
  return false;
}

/* The card makes marks in two forms and no other: the option alone, or behind timestamps, on an ACK without data. */
static __always_inline int segment(struct __sk_buff *skb, const bool v6) {
  const int ip_size = v6 ? 40 : 20;
  const __u32 tcp_at = ETH_HLEN + ip_size;
  __u8 header[60], options[OPTIONS_TS];
  struct segment s = {.tcp = tcp_at};
  __u8 *tcp = header + ip_size, *content;
  __u32 header_size, length;
  if (bpf_skb_load_bytes(skb, ETH_HLEN, header, ip_size + TCP_HEADER)) return PASS;
  if (v6) {
    if (header[6] != IPPROTO_TCP || header[0] >> 4 != 6) return PASS;
    length = header[4] << 8 | header[5];
  } else {
    /* Fragments, the first as well, are nobody's mark; what they make together passes no TC. */
    if (header[9] != IPPROTO_TCP || header[0] != 0x45 || (header[6] & 0x3f) || header[7]) return PASS;
    length = (header[2] << 8 | header[3]) - ip_size;
  }
  if ((tcp[13] & (TCP_SYN | TCP_RST | TCP_ACK)) != TCP_ACK) return PASS;
  header_size = (tcp[12] >> 4) * 4;
  if (v6) {
    __builtin_memcpy(s.message.tuple.ipv6.saddr, header + 8, 32);
    __builtin_memcpy(&s.message.tuple.ipv6.sport, tcp, 4);
  } else {
    __builtin_memcpy(&s.message.tuple.ipv4.saddr, header + 12, 8);
    __builtin_memcpy(&s.message.tuple.ipv4.sport, tcp, 4);
  }
  if (tcp[13] == TCP_ACK && !(tcp[12] & 15) && length == header_size) {
    const __u8 *mark = NULL;
    if (header_size == TCP_HEADER + OPTIONS_PLAIN) {
      if (bpf_skb_load_bytes(skb, tcp_at + TCP_HEADER, options, OPTIONS_PLAIN)) return PASS;
      mark = options;
      s.mark = tcp_at + TCP_HEADER;
    } else if (header_size == TCP_HEADER + OPTIONS_TS) {
      if (bpf_skb_load_bytes(skb, tcp_at + TCP_HEADER, options, OPTIONS_TS)) return PASS;
      if (options[0] == 1 && options[1] == 1 && options[2] == 8 && options[3] == 10) {
        s.stamps = true;
        __builtin_memcpy(&s.tsval, options + 4, 4);
        __builtin_memcpy(&s.tsecr, options + 8, 4);
        mark = options + OPTIONS_PLAIN;
        s.mark = tcp_at + TCP_HEADER + OPTIONS_PLAIN;
      }
    }
    if (mark && mark[0] == SYNWARD_MARK_KIND && mark[1] == SYNWARD_MARK_LENGTH &&
        (mark[2] << 8 | mark[3]) == SYNWARD_MARK_EXID) {
      content = v6 ? (__u8 *)&s.message.v6.seq : (__u8 *)&s.message.v4.seq;
      __builtin_memcpy(content, tcp + 4, 8);
      __builtin_memcpy(content + 8, mark + 4, 4);
      __builtin_memcpy(&s.mac, mark + 8, 4);
      return marked(skb, &s, v6);
    }
  }
  return is_protected(&s.message.tuple, v6) ? unmarked(skb, &s, v6, header) : PASS;
}

SEC("tc")
int synward_handoff(struct __sk_buff *skb) {
  /* What is for others, and seen because somebody listens to all, is theirs. */
  if (skb->pkt_type != PACKET_HOST) return PASS;
  if (skb->protocol == bpf_htons(ETH_P_IP)) return segment(skb, false);
  if (skb->protocol == bpf_htons(ETH_P_IPV6)) return segment(skb, true);
  return PASS;
}

char handoff_license[] SEC("license") = "Dual BSD/GPL";
