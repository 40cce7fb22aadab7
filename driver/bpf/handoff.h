/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the TC program, its agent and their tests share. */
#pragma once

#include <linux/types.h>

/* The mark: a TCP option of the card's own (docs/theory-of-operation.md, "Marked bare ACK"). */
enum {
  SYNWARD_MARK_KIND = 253,
  SYNWARD_MARK_LENGTH = 12,
  SYNWARD_MARK_EXID = 0x5ac1,
};

/* Byte 4 of the mark. */
enum {
  SYNWARD_MARK_SACK = 1,
  SYNWARD_MARK_TS = 2,
  SYNWARD_MARK_WS = 4,
  SYNWARD_MARK_ECN = 8,
};

/* Control frames: EtherType, and the first two of the four bytes behind it; the third is the status. */
enum {
  SYNWARD_CONTROL_ETHERTYPE = 0x88b5,
  SYNWARD_CONTROL_VERSION = 1,
  SYNWARD_CONTROL_STATUS = 1,
};

/* What became of a mark, for the card. */
enum synward_status {
  SYNWARD_TAKEN = 1,
  SYNWARD_FULL = 2,
  SYNWARD_NO_LISTENER = 3,
  SYNWARD_REFUSED = 4,
  SYNWARD_BUSY = 5,
};

/* What became of a frame, each with a counter. Those from taken on are of marks whose MAC is right. */
#define SYNWARD_FATES(X)                                                                       \
  X(unmarked, "ACKs to protected ports that have a socket of their own, or need none")         \
  X(cookie, "ACKs that the kernel's own SYN cookies wait for")                                 \
  X(overtook, "segments that came before the socket of their mark, within 2 ms of it")         \
  X(orphan, "segments that only a listener would have met: dropped, for it would answer RST")  \
  X(gone, "segments of connections that this server no longer has: the kernel answers RST")    \
  X(bad_mac, "marks with a wrong MAC: dropped")                                                \
  X(no_key, "marks before a mark key was loaded: dropped")                                     \
  X(taken, "marks that became a connection")                                                   \
  X(known, "marks of a connection that is there already, or was taken before")                 \
  X(full, "marks refused for a full accept queue")                                             \
  X(no_listener, "marks to a port without a listener")                                         \
  X(refused, "marks that this listener or its kernel can never take")                          \
  X(busy, "marks that the kernel could not take just now")                                     \
  X(stale, "sockets of an older connection with the same addresses and ports that were ended") \
  X(unanswered, "statuses that could not be sent")

enum synward_fate {
#define X(name, text) SYNWARD_FATE_##name,
  SYNWARD_FATES(X)
#undef X
      SYNWARD_FATES_COUNT
};

/* SipHash keys, each as its two 64-bit little-endian words. */
struct synward_keys {
  __u64 mark[2][2];    /* the current one and the former */
  __u64 control[2][2]; /* of the statuses of marks with either */
  __u8 have_mark[2];
  __u8 have_control[2];
  __u8 reserved[4];
};

/* What a card protects. */
struct synward_place {
  __u8 laddr[16]; /* IPv4: in the first four bytes */
  __u16 lport;    /* host order */
  __u8 v6, reserved;
};

/* A mark that was taken. */
struct synward_handed {
  __u64 when;      /* CLOCK_MONOTONIC, ns */
  __be32 seq, ack; /* of the mark */
};

/* A mark that was not taken. */
struct synward_failure {
  __u64 time_ns;  /* CLOCK_MONOTONIC */
  __u8 faddr[16]; /* IPv4: in the first four bytes */
  __u8 laddr[16];
  __u16 fport, lport; /* host order */
  __u8 v6;
  __u8 fate;                  /* enum synward_fate */
  __s16 error;                /* of the kernel, negative; 0 where it has said nothing */
  __u32 backlog, max_backlog; /* of the accept queue, where it is full */
};

/* One listening socket, as the iterator writes it. */
struct synward_listener {
  __u8 laddr[16]; /* IPv4: in the first four bytes */
  __u16 lport;    /* host order */
  __u8 v6, v6only;
  __s32 bound_dev;
  __s32 rcvbuf;
  __u32 window_clamp;
  __u32 backlog, max_backlog;
  __s32 fastopen;
  __u16 user_mss;
  __u8 userlocks, scaling_ratio, defer_accept, mptcp, md5, ao;
};
