// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

#include "synward/engine_step.hpp"

namespace synward::test {

/// What FreeBSD main's syncache does, row by row, in the order of its sources, and what Synward adds to it: every row
/// has to be met by the tests. Names in rows.cpp.
enum class Row : unsigned {
  add_cookies_only,
  add_dup_ts_refreshed,
  add_dup_ts_cleared,
  add_dup_ts_not_turned_on,
  add_dup_ecn_recomputed,
  add_dup_old_irs,
  add_dup_timer_restarted,
  add_dup_fails,
  add_zonefail_evicts,
  add_zonefail_cookie,
  add_zonefail_dropped,
  add_iss_cookie_cached,
  add_iss_cookie_only_alone,
  add_iss_random,
  add_ecn_offered,
  add_stateless_no_ece,
  add_inserted,
  add_bucket_full,
  add_fails,
  reply_no_df,
  reply_tsoff_per_conn,
  reply_tsoff_per_pair,
  reply_challenge_ts,
  timer_0,
  timer_1,
  timer_2,
  timer_3,
  timer_4,
  timer_5,
  timer_6_up,
  timer_min,
  timer_max,
  timer_not_due,
  timer_paused,
  timer_ecn_kept,
  timer_ecn_cleared,
  timer_exhausted,
  timer_limit_0,
  timer_sent,
  timer_fails,
  timer_clock_wraps,
  ack_cookies_only_no_lookup,
  ack_cookies_only_no_gate,
  ack_disabled,
  ack_gate_closed,
  ack_gate_open,
  ack_cookie_bad,
  ack_cookie_good,
  ack_paws,
  ack_ts_equal,
  ack_ts_unexpected,
  ack_ts_tolerated,
  ack_ts_missing,
  ack_seq_low,
  ack_seq_last,
  ack_seq_high,
  ack_seq_wraps,
  ack_window_0,
  ack_wrong,
  ack_wrong_cookie,
  ack_handed_other,
  ack_handed_beyond,
  ack_completed,
  ack_other_first,
  ack_gate_always,
  ack_gate_learning,
  ack_no_room,
  rst_cookies_only,
  rst_spurious,
  rst_exact,
  rst_insecure,
  rst_challenge,
  rst_outside,
  rst_window_0,
  rst_handed_ends,
  rst_handed_other,
  challenge_first,
  challenge_budget,
  challenge_exhausted,
  challenge_new_window,
  challenge_no_limit,
  challenge_no_room,
  limiter_refuses,
  limiter_off,
  limiter_blackhole,
  limiter_no_room,
  abort_blackhole,
  abort_no_room,
  abort_unlimited,
  limiter_told,
  pause_already,
  pause_no_cookies,
  pause_first,
  pause_doubled,
  pause_longest,
  pause_ends,
  pause_forgotten,
  pause_stamps_gate,
  gate_closes,
  unreach_cookies_only,
  unreach_no_entry,
  unreach_wrong_seq,
  unreach_first,
  unreach_early,
  unreach_removes,
  unknown_pass,
  unknown_drop,
  unknown_rst,
  unknown_fails_open,
  unknown_handed,
  flow_syn_closing,
  flow_ack_closing,
  flow_syn_handed,
  flow_fin,
  flow_ack,
  flow_remarked,
  flow_remark_too_soon,
  flow_rst,
  flow_stray,
  flow_remarked_fin,
  flow_remarked_ecn,
  flow_server_speaks,
  flow_server_ends,
  flow_server_unknown,
  flow_server_reopens,
  flow_server_resets_closing,
  flow_server_answers_closing,
  flow_server_connected_again,
  flow_server_connects,
  flow_taught,
  flow_not_protected,
  flow_added,
  flow_bucket_full,
  flow_idle,
  flow_closed,
  flow_handed_ages,
  add_dup_ethernet,
  timer_aborts,
  timer_aborts_silently,
  timer_handed,
  handoff_waits,
  handoff_marked_again,
  handoff_too_soon,
  handoff_agent_gone,
  handoff_ecn,
  handoff_server_speaks,
  handoff_server_speaks_of_flow,
  mark_path_mss,
  status_taken,
  status_full,
  status_busy,
  status_no_listener,
  status_refused,
  status_other_handshake,
  status_of_nothing,
  status_flow_taken,
  status_flow_refused,
  status_flow_waits,
  status_flow_other,
  stray_dropped,
  stray_fails_open,
  tables_not_ready,
  count
};
inline constexpr std::size_t kRows = static_cast<std::size_t>(Row::count);

/// A third engine, written from the description of FreeBSD's sources (FreeBSD main, tcp_syncache.c) and the theory of
/// operation, with lists and maps, to hold the others against: nothing here is clever, and nothing is fast.
class ThirdModel {
 public:
  /// A half-open connection.
  struct Entry {
    Endpoints ends{};
    EntryRecord fields{};
  };
  struct Flow {
    std::uint8_t state = 0;  ///< 1 handed, 2 open, 3 closing
    unsigned aux = 0;
  };
  struct FlowSet {
    std::map<std::uint32_t, Flow> flows;  ///< by fingerprint
    unsigned open_laps = 0;
  };
  struct Answer {
    VerdictRecord verdict{};
    std::uint32_t mark_mac = 0;
    CountsRecord counts{};
    std::optional<EventRecord> event;
  };

  /// Flow buckets: 2^log_flows.
  explicit ThirdModel(unsigned log_flows) : log_flows_(log_flows) {}

  Answer step(const EngineConfig& config, const RequestRecord& request, const Room& room);
  void clear(unsigned flow_learn);

  const std::list<Entry>& bucket(std::uint32_t index) { return buckets_[index]; }
  FlowSet& flow_set(std::uint32_t index) { return flow_sets_.try_emplace(index, FlowSet{{}, learn_}).first->second; }
  std::size_t entries() const { return count_; }
  bool paused() const { return paused_; }
  std::uint32_t pause_until() const { return pause_until_; }
  unsigned backoff() const { return backoff_; }
  bool gate_open() const { return gate_open_; }
  std::uint32_t gate_stamp() const { return gate_stamp_; }
  /// How often each row has been met.
  const std::array<std::uint64_t, kRows>& hits() const { return hits_; }

 private:
  using Bucket = std::list<Entry>;

  void hit(Row row) { ++hits_[static_cast<std::size_t>(row)]; }
  void log(std::uint8_t code, std::uint32_t arg0 = 0, std::uint32_t arg1 = 0, std::uint32_t arg2 = 0);
  void drop(std::uint8_t reason);
  std::uint64_t hash();
  std::uint32_t make_iss();
  std::optional<std::uint8_t> valid_cookie();
  /// The 16 ms of now, as marks keep it.
  std::uint8_t mark_time() const;

  void syncache_add();
  void duplicate(Bucket::iterator entry);
  void insert(const Entry& entry);
  void remove_tail();
  Entry filled();
  void respond(const Entry& entry);
  void timestamps(const Entry& entry);
  void challenge(Entry& entry);
  bool reset(std::uint32_t seq);
  bool sock_fail(std::uint32_t seq);
  void syncache_expand();
  void expand_entry(Bucket::iterator entry);
  void expand_cookie();
  void syncache_chkrst();
  void chkrst_entry(Bucket::iterator entry);
  void syncache_unreach();
  void syncache_timer();
  void timer_entry(Bucket::iterator entry);
  void syncache_pause();
  bool ahead(std::uint32_t time, std::int32_t farthest) const;
  void tick();
  void unknown(std::uint8_t reason, bool may_reset);
  void expand_fails(std::uint8_t code);
  void complete(Bucket::iterator entry);
  void hand_over_entry(Bucket::iterator entry);
  void add_flow(Flow flow);
  void mark(std::uint8_t flags, unsigned shift, unsigned mss, std::uint32_t seq, std::uint32_t ack);
  void mark_cookie(std::uint8_t byte, bool ecn);
  void server_teaches(bool says, bool takes);
  void status();
  void stray();
  void flow_segment(Flow& flow);
  void flow_server();
  void flow_visit();
  std::uint32_t interval(unsigned rxmits_before);

  unsigned log_flows_;
  std::map<std::uint32_t, Bucket> buckets_;
  std::map<std::uint32_t, FlowSet> flow_sets_;
  unsigned learn_ = 0;  ///< open_laps of a set that nothing has touched
  std::size_t count_ = 0;
  bool paused_ = false, paused_before_ = false;
  std::uint32_t pause_until_ = 0;
  unsigned backoff_ = 0;
  bool gate_open_ = false;
  std::uint32_t gate_stamp_ = 0;
  bool handed_ = false;             ///< ACK, RST: the connection has an entry that was handed over
  const Entry* strange_ = nullptr;  ///< ACK: its entry, if that is of another handshake
  std::uint32_t wanted_ = 0, wanted_since_ = 0;
  std::array<std::uint64_t, kRows> hits_{};
  /// Hashes of connections under the last table_key: they cost most of the time.
  std::map<std::tuple<bool, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint16_t, std::uint16_t>,
           std::uint64_t>
      hashes_;
  SipKey hashes_key_{};

  // The request at work.
  const EngineConfig* config_ = nullptr;
  const RequestRecord* request_ = nullptr;
  Room room_{};
  std::uint32_t now_ = 0;
  bool cookies_only_ = false;
  Endpoints ends_{};
  Bucket* bucket_ = nullptr;
  FlowSet* flow_set_ = nullptr;
  std::uint32_t fingerprint_ = 0;
  Answer answer_;
};

}  // namespace synward::test
